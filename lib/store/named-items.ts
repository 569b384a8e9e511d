import type { ListedItems } from './listed-items.ts';
import { type ReadSummary, readSummaries } from './read-summaries.ts';
import type { TableAccess } from './table-access.ts';

/** An address in a storage unit. */
export interface AddressInUnit {
  readonly address: string;
  readonly unit: string;
}

/**
 * Knows which items the summaries of their units name. Items left behind by a delivery that was killed, or that laid
 * them out differently, are named by no summary: for readers they don't exist.
 */
export class NamedItems {
  readonly #table: TableAccess;
  readonly #nowMs: number;
  #summaries = new Map<string, ReadSummary | undefined>();

  constructor(table: TableAccess, nowMs: number) {
    this.#table = table;
    this.#nowMs = nowMs;
  }

  /**
   * Gets the summaries of units; summaries of the previous load are kept if they are wanted again, and dropped
   * otherwise.
   */
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

  /** The summaries of the last load. */
  summaries(): ReadSummary[] {
    return [...this.#summaries.values()].filter((summary) => summary !== undefined);
  }

  /** @returns the items of an address that the summary of a loaded unit lists */
  listOf({ address, unit }: AddressInUnit): ListedItems | undefined {
    const list = this.#summaries.get(unit)?.items.find((listed) => listed.address === address);
    return list && { ...list, unit };
  }
}
