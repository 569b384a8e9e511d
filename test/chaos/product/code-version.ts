import type { ProductModule } from './build-product.ts';
import type { SourceEdit } from './source-edit.ts';

/** A version of the function's code, as deployed somewhere. */
export interface CodeVersion {
  readonly name: string;
  readonly product: ProductModule;
  /** Replaces the engine version; undefined keeps the code's own. */
  readonly engineVersion?: string;
  /** Characters added to each vote's reasoning, so that fewer fit an item. */
  readonly furtherReasoning: number;
}

/** Limits on items, summaries and so on, which may differ between versions of the code. */
interface Layout {
  readonly contentBytes: number;
  readonly entriesBytes: number;
  readonly windowRecords: number;
  readonly smallEntries: number;
  readonly itemsPerRequest: number;
  /** Items up to this size are not compressed. */
  readonly plainBytes: number;
}

/** Smaller limits are exceeded with fewer records. */
const LAYOUTS: Readonly<Record<string, Layout>> = {
  tiny: {
    contentBytes: 2_000,
    entriesBytes: 150,
    windowRecords: 60,
    smallEntries: 15,
    itemsPerRequest: 10,
    plainBytes: 4_000,
  },
  small: {
    contentBytes: 9_000,
    entriesBytes: 600,
    windowRecords: 200,
    smallEntries: 100,
    itemsPerRequest: 15,
    plainBytes: 2_000,
  },
  other: {
    contentBytes: 120_000,
    entriesBytes: 40_000,
    windowRecords: 2_000,
    smallEntries: 700,
    itemsPerRequest: 25,
    plainBytes: 724,
  },
};

export const LAYOUT_NAMES = Object.keys(LAYOUTS);

/** Edits that make the code use another layout for stored items. */
export function layoutEdits(name: string): SourceEdit[] {
  const layout = LAYOUTS[name];
  if (layout === undefined) throw new RangeError(`there is no layout ${name}`);
  return [
    {
      from: 'MAX_CONTENT_BYTES = 360_000',
      to: `MAX_CONTENT_BYTES = ${layout.contentBytes}`,
    },
    {
      from: 'MAX_ENTRIES_BYTES = 320_000',
      to: `MAX_ENTRIES_BYTES = ${layout.entriesBytes}`,
    },
    {
      from: 'WINDOW_RECORDS = 5_000',
      to: `WINDOW_RECORDS = ${layout.windowRecords}`,
    },
    {
      from: 'SMALL_ENTRIES = 500',
      to: `SMALL_ENTRIES = ${layout.smallEntries}`,
    },
    {
      from: 'ITEMS_PER_REQUEST = 25',
      to: `ITEMS_PER_REQUEST = ${layout.itemsPerRequest}`,
    },
    {
      from: 'ONE_UNIT_BYTES = 1024 - 300',
      to: `ONE_UNIT_BYTES = ${layout.plainBytes}`,
    },
  ];
}
