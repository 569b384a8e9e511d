import type { TableAccess } from '../../../lib/store/table-access.ts';
import type { ProductModule } from '../product/build-product.ts';
import type { UnitReading } from './audit-table.ts';
import type { Discrepancies } from './discrepancies.ts';
import { type Expectation, expectedUnit } from './expectation.ts';

/** Checking thousands of addresses one by one adds nothing, and each reads whole summaries. */
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

/** Checks that the product's own readers show exactly what the audit read. */
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
    const nameOf = namesOfSharing(readings);
    const shown: string[] = [];
    for await (const { unit, connections } of product.readAssessmentsBetween(table, range)) {
      shown.push(...connections.map((connection) => `${nameOf(unit)} ${product.canonicalJson(connection)}`));
    }
    const there = named.flatMap(({ unit, records }) =>
      records.map(({ canonical }) => `${nameOf(unit)} ${canonical}`),
    );
    compare('readAssessmentsBetween', there, shown);
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

/** Units that count the same messages show their contents once. @returns one shared name for them, by unit */
function namesOfSharing(readings: ReadonlyMap<string, UnitReading>): (unit: string) => string {
  const unitsOf = new Map<string, string[]>();
  for (const [unit, { summary }] of readings) {
    for (const id of summary?.messages ?? []) unitsOf.set(id, [...(unitsOf.get(id) ?? []), unit]);
  }
  const names = new Map<string, string>();
  const nameOf = (unit: string): string => {
    const name = names.get(unit);
    return name === undefined ? unit : nameOf(name);
  };
  for (const [first = '', ...others] of unitsOf.values()) {
    for (const other of others) if (nameOf(other) !== nameOf(first)) names.set(nameOf(other), nameOf(first));
  }
  return nameOf;
}
