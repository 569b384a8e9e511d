import type { Alert } from './alert.ts';
import type { ConnectionRecord } from './connection-record.ts';
import type { FlowDetection } from './flow-detection.ts';

/** The limit on alerts held: if more rules fire at once, their alerts say little. */
const MOST_ALERTS = 100_000;

/** Alerts indexed by the flow they belong to. Neither their order nor repeats change the result. */
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

  /** Whether there is an alert with this flow id. Ids repeat, so it may belong to another flow. */
  mayConcern(id: string | undefined): boolean {
    return id !== undefined && this.#byFlow.has(id);
  }

  /** The alerts with the connection's id and both of its addresses. */
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
