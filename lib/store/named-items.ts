import type { ListedItems } from './listed-items.ts';
import { type ReadSummary, readSummaries } from './read-summaries.ts';
import type { TableAccess } from './table-access.ts';

/** An address in a storage unit. */
export interface AddressInUnit {
  readonly address: string;
  readonly unit: string;
}

/**
 * Knows which items the summaries of their units name. What a delivery left behind that was killed, or that laid out
 * its items in another way, no summary names: for readers it is not there.
 */
export class NamedItems {
  readonly #table: TableAccess;
  readonly #nowMs: number;
  #summaries = new Map<string, ReadSummary | undefined>();

  constructor(table: TableAccess, nowMs: number) {
    this.#table = table;
    this.#nowMs = nowMs;
  }

  /** Gets the summaries of units; those of the load before are kept where they are wanted again, others forgotten. */
  async load(units: Iterable<string>): Promise<void> {
    const wanted = [...new Set(units)];
    const summaries = new Map<string, ReadSummary | undefined>();
    for (const unit of wanted) summaries.set(unit, this.#summaries.get(unit));
    const missing = wanted.filter((unit) => !this.#summaries.has(unit));
    for await (const summary of readSummaries(this.#table, missing, this.#nowMs)) {
      summaries.set(summary.unit, summary);
    }
    this.#summaries = summaries;
  }

  /** The summaries that were loaded last, as far as there are any. */
  summaries(): ReadSummary[] {
    return [...this.#summaries.values()].filter((summary) => summary !== undefined);
  }

  /** @returns what the summary of a unit that was loaded lists of an address */
  listOf({ address, unit }: AddressInUnit): ListedItems | undefined {
    const list = this.#summaries.get(unit)?.items.find((listed) => listed.address === address);
    return list && { ...list, unit };
  }
}
