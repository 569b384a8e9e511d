import { expect, it } from 'vitest';
import { exportSource } from '../../../../../lib/cli/use/export/export-source.ts';
import { collect } from '../../../../factories/iterables.ts';
import { addressItem, mockTable, NOW_MS, summaryOf } from '../../../../factories/stored-units.ts';

const unitNamed = (letter: string) => letter.repeat(22);
const { table, serveItems, serveQueries } = mockTable();

it.each([
  ['by time', undefined],
  ['by address', '8.8.8.8'],
])('exports what two deliveries of one message stored once: %s', async (_, address) => {
  const first = addressItem({ unit: unitNamed('A'), latestMs: 3 });
  const again = { ...addressItem({ unit: unitNamed('B'), latestMs: 1 }), content: first.content };
  const other = addressItem({ unit: unitNamed('C'), latestMs: 2 });
  const stored = [first, again, other, ...[first, again, other].map(summaryOf)];
  serveQueries(stored);
  serveItems(stored);
  const range = { fromMs: NOW_MS - 1_000, toMs: NOW_MS, nowMs: NOW_MS };
  const source = exportSource(table, { address, range, seen: { fromMs: 0, toMs: NOW_MS } });

  const assessments = await collect(source.assessments());
  const connections = await collect(source.connections());

  expect(assessments.flatMap(({ read }) => read.connections)).toHaveLength(2);
  expect(assessments).toHaveLength(2);
  expect(connections).toHaveLength(2);
});
