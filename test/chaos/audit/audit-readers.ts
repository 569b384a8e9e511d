import type { TableAccess } from '../../../lib/store/table-access.ts';
import type { ProductModule } from '../product/build-product.ts';
import type { UnitReading } from './audit-table.ts';
import type { Discrepancies } from './discrepancies.ts';
import { type Expectation, expectedUnit } from './expectation.ts';
import type { StoredItem } from './stored-form.ts';

/** Asking for thousands of addresses one by one says nothing new, and each reads whole summaries. */
const MOST_ADDRESSES = 25;

interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly nowMs: number;
}

export interface ReaderAudit {
  readonly product: ProductModule;
  readonly table: TableAccess;
  readonly range: TimeRange;
  readonly readings: ReadonlyMap<string, UnitReading>;
  readonly expected: Expectation;
  readonly discrepancies: Discrepancies;
}

/** Checks that the product's own readers show what the audit read, no more and no less. */
export async function auditReaders(audit: ReaderAudit): Promise<void> {
  const { product, table, range, readings, expected, discrepancies } = audit;
  const named = [...readings.values()].flatMap(({ items }) => items);
  const read = async (reader: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
      discrepancies.add(`a reader fails: ${reader}`, told);
    }
  };
  const compare = (reader: string, expectedTexts: Iterable<string>, shown: readonly string[]) => {
    const missing = new Set(expectedTexts);
    const seen = new Set<string>();
    for (const text of shown) {
      if (seen.has(text)) discrepancies.add(`${reader} shows something twice`, text);
      else if (!missing.delete(text)) discrepancies.add(`${reader} shows what is not there`, text);
      seen.add(text);
    }
    for (const text of missing) discrepancies.add(`${reader} does not show what is there`, text);
  };

  await read('readAssessmentsOf', async () => {
    const byAddress = Map.groupBy(named, ({ address }) => address);
    const fullestFirst = [...byAddress].sort(([, a], [, b]) => b.length - a.length);
    for (const [address, items] of fullestFirst.slice(0, MOST_ADDRESSES)) {
      const shown: string[] = [];
      for await (const { connections } of product.readAssessmentsOf(table, address, range.nowMs)) {
        shown.push(...connections.map((connection) => product.canonicalJson(connection)));
      }
      const there = items.flatMap(({ records }) => records.map(({ canonical }) => canonical));
      compare('readAssessmentsOf', there, shown);
      const all: string[] = [];
      for await (const { unit, connections } of product.readAllAssessmentsOf(table, address, range.nowMs)) {
        all.push(...connections.map((connection) => `${unit} ${product.canonicalJson(connection)}`));
      }
      const inUnits = items.flatMap(({ unit, records }) =>
        records.map(({ canonical }) => `${unit} ${canonical}`),
      );
      compare('readAllAssessmentsOf', inUnits, all);
    }
  });

  await read('readAssessmentsIn', async () => {
    const units = new Map<string, string[]>();
    for await (const summary of product.readSummariesBetween(table, range)) {
      const shown: string[] = [];
      for await (const { connections } of product.readAssessmentsIn(table, summary, range.nowMs)) {
        shown.push(...connections.map((connection) => product.canonicalJson(connection)));
      }
      const { unit } = summary;
      if (units.has(unit)) discrepancies.add('readSummariesBetween shows something twice', unit);
      units.set(unit, shown);
    }
    for (const [unit, { summary, items }] of readings) {
      if (summary === undefined) continue;
      const there = items.flatMap(({ records }) => records.map(({ canonical }) => canonical));
      compare('readAssessmentsIn', there, units.get(unit) ?? []);
      units.delete(unit);
    }
    for (const unit of units.keys()) discrepancies.add('readSummariesBetween shows what is not there', unit);
  });

  await read('readAssessmentsBetween', async () => {
    let shown = 0;
    for await (const { connections } of product.readAssessmentsBetween(table, range))
      shown += connections.length;
    const there = named.reduce((sum, { records }) => sum + records.length, 0);
    if (shown !== there)
      discrepancies.add('readAssessmentsBetween shows another number', `${shown} for ${there}`);
  });

  await read('readAttention', async () => {
    const shown: string[] = [];
    for await (const { unit, address, connections } of product.readAttention(table, range)) {
      shown.push(
        ...connections.map((connection) => `${unit} ${address} ${product.canonicalJson(connection)}`),
      );
    }
    // What else a unit says about an address comes with what needs attention.
    const wanted = new Set(named.flatMap((item) => (item.needsAttention ? [placeOf(item)] : [])));
    const there = named
      .filter((item) => wanted.has(placeOf(item)))
      .flatMap((item) => item.records.map(({ canonical }) => `${placeOf(item)} ${canonical}`));
    compare('readAttention', there, shown);
  });

  await read('readStatistics', async () => {
    const sums = { records: 0, stored: 0, duplicates: 0, rejected: 0 };
    for await (const { statistics } of product.readStatistics(table, range)) {
      for (const name of Object.keys(sums) as (keyof typeof sums)[]) sums[name] += statistics[name];
    }
    const there = { records: 0, stored: 0, duplicates: 0, rejected: 0 };
    for (const [unit, { summary }] of readings) {
      const counts = summary && expectedUnit(unit, summary, expected)?.counts;
      if (counts === undefined) continue;
      for (const name of Object.keys(there) as (keyof typeof there)[]) there[name] += counts[name];
    }
    const [is, should] = [JSON.stringify(sums), JSON.stringify(there)];
    if (is !== should) discrepancies.add('readStatistics sums to something else', `${is} for ${should}`);
    if (sums.records !== sums.stored + sums.duplicates + sums.rejected) {
      discrepancies.add('pushed is not stored + duplicates + rejected', is);
    }
  });
}

function placeOf({ unit, address }: StoredItem): string {
  return `${unit} ${address}`;
}
