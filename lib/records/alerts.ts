import type { Alert } from './alert.ts';
import type { ConnectionRecord } from './connection-record.ts';
import type { FlowDetection } from './flow-detection.ts';

/** More are not kept: a site on which so many rules fire at once learns nothing from them. */
const MOST_ALERTS = 100_000;

/** Alerts by the flow that they are about. What they say does not depend on their order, nor on how often they come. */
export class Alerts {
  readonly #byFlow = new Map<string, Map<string, Alert>>();
  #size = 0;

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  add(alert: Alert): void {
    const known = this.#byFlow.get(alert.flowId);
    const text = JSON.stringify(alert);
    if (known?.has(text) || this.#size >= MOST_ALERTS) return;
    this.#size++;
    if (known === undefined) this.#byFlow.set(alert.flowId, new Map([[text, alert]]));
    else known.set(text, alert);
  }

  /** Whether there is an alert about a flow of this id; ids repeat, so that it may be another flow's. */
  mayConcern(id: string | undefined): boolean {
    return id !== undefined && this.#byFlow.has(id);
  }

  /** What was reported of a connection: of its id, and between its two addresses. */
  about({
    id,
    src_ip,
    dst_ip,
  }: Pick<ConnectionRecord, 'id' | 'src_ip' | 'dst_ip'>): readonly FlowDetection[] {
    const alerts = id === undefined ? undefined : this.#byFlow.get(id);
    if (alerts === undefined) return [];
    return [...alerts.values()]
      .filter(({ addresses: [one, other] }) =>
        one === src_ip ? other === dst_ip : one === dst_ip && other === src_ip,
      )
      .map(({ detection }) => detection);
  }
}
