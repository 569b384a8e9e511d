import type { PlacedRow } from '../../lib/store/address-parts.ts';
import type { ItemKey } from '../../lib/store/keys.ts';
import type { SummaryItems } from '../../lib/store/summary-item.ts';

/** Rows in their order, each of which is its record's canonical text too. */
export function placedRows(texts: readonly string[]): PlacedRow[] {
  return texts.map((text, place) => ({ text, canonical: text, place }));
}

/** All items of a summary, the one that is written last in front. */
export function allItems({ first, further }: SummaryItems): [SummaryItems['first'], ...ItemKey[]] {
  return [first, ...further];
}
