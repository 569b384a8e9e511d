import type { ProductModule } from './build-product.ts';
import type { SourceEdit } from './source-edit.ts';

/** The function's code as some deployment has it. */
export interface CodeVersion {
  readonly name: string;
  readonly product: ProductModule;
  /** Stands in for the version of the engine; undefined for the code's own. */
  readonly engineVersion?: string;
  /** How much longer each vote's reasoning is, so that an item holds less. */
  readonly furtherReasoning: number;
}

/** How much fits an item, a summary and so on: what a version of the code might do differently. */
interface Layout {
  readonly contentBytes: number;
  readonly entriesBytes: number;
  readonly windowRecords: number;
  readonly smallEntries: number;
  readonly itemsPerRequest: number;
  /** Up to here nothing is compressed. */
  readonly plainBytes: number;
}

/** The smaller the limits, the fewer records it takes to go past them. */
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

/** The edits that make the code lay out what it stores in another way. */
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
