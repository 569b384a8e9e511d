import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { createWorkFolder, startThreatConsensus, threatConsensus } from '../fixtures/service/command-line.ts';
import { connectionsTo, contents, ndjson } from '../fixtures/service/connections.ts';
import { inDataFolder } from '../fixtures/service/data-folder.ts';
import { EVENTUALLY } from '../fixtures/service/scoring-service.ts';
import {
  type StoredItem,
  scanItems,
  storedContents,
  withoutDelivery,
  writtenItems,
} from '../fixtures/service/table-contents.ts';

/** Findings and announcements are per day and hour, whatever the records are. */
const isOfUnit = ({ pk }: StoredItem) => /^(?:address|unit)#/.test(pk);

it.concurrent('a second run on the same data finds duplicates only, and the same verdicts', async () => {
  const folder = createWorkFolder();
  const data = join(folder, 'new', 'data');
  const otherData = join(folder, 'other');

  const [first, elsewhere] = await Promise.all([
    threatConsensus(['run', '--json', '--data', data]),
    threatConsensus(['run', '--json', '--data', otherData]),
  ]);
  const itemsBefore = await inDataFolder(data, scanItems);
  const second = await threatConsensus(['run', '--json', '--data', data]);
  const itemsAfter = await inDataFolder(data, scanItems);

  expect([first, elsewhere, second].map(({ end, stderr }) => ({ end, stderr }))).toEqual(
    Array.from({ length: 3 }, () => ({ end: 0, stderr: '' })),
  );
  const verdicts = ['assessments', 'malicious', 'high_uncertainty', 'consensus_failures', 'degraded'];
  const figures = [first, elsewhere, second].map(({ stdout }) => JSON.parse(stdout));
  expect(figures[0]).toMatchObject({ pushed: 1_220, stored: 1_200, duplicates: 12, rejected: 8 });
  expect(figures[2]).toMatchObject({ pushed: 1_220, stored: 0, duplicates: 1_212, rejected: 8 });
  for (const name of verdicts) expect([name, figures[2][name]]).toEqual([name, figures[0][name]]);
  const stored = (items: readonly StoredItem[]) => withoutDelivery(items.filter(isOfUnit));
  expect(stored(itemsAfter)).toEqual(stored(itemsBefore));
  const elsewhereItems = stored(await inDataFolder(otherData, scanItems));
  expect(elsewhereItems.map(withoutSettingsTime)).toEqual(stored(itemsBefore).map(withoutSettingsTime));
});

it.concurrent('a run that is killed loses nothing: the next one stores each record once', async () => {
  const folder = createWorkFolder();
  const data = join(folder, 'data');
  const file = join(folder, 'records.ndjson');
  const records = Array.from({ length: 60 }, (_, n) =>
    connectionsTo(`198.18.${n % 20}`, 100, { src_port: n, id: `C${n}` }),
  ).flat();
  writeFileSync(file, ndjson(records));
  const doomed = startThreatConsensus(['run', file, '--json', '--data', data]);
  await vi.waitFor(() => expect(hasSummary(join(data, 'dynamodb'))).toBe(true), EVENTUALLY);

  doomed.process.kill('SIGKILL');
  const killed = await doomed.ended;
  const written = await inDataFolder(data, (table) => writtenItems(table, '198.18.'));
  const storedBefore = await inDataFolder(data, storedContents);
  const { end, stdout, stderr } = await threatConsensus(['run', file, '--json', '--data', data]);

  expect(killed).toEqual({ end: 'SIGKILL', stdout: '', stderr: '' });
  expect(written.length).toBeGreaterThan(0);
  expect({ end, stderr }).toEqual({ end: 0, stderr: '' });
  const figures = JSON.parse(stdout) as Record<'stored' | 'duplicates', number>;
  expect(figures).toMatchObject({ pushed: 6_000, rejected: 0 });
  expect(figures.stored + figures.duplicates).toBe(6_000);
  expect(figures.duplicates).toBeGreaterThanOrEqual(storedBefore.length);
  const items = await inDataFolder(data, scanItems);
  expect(await inDataFolder(data, storedContents)).toEqual(contents(records));
  expect(summarized(items)).toBe(6_000);
});

/** Each stack set its settings at a different time. */
function withoutSettingsTime<Item extends { readonly settings?: unknown }>(item: Item): Item {
  return { ...item, settings: String(item.settings).replace(/@\d+$/, '') };
}

/**
 * Whether the table has a summary; its folder may not exist yet. Items not named by a summary do not count as stored.
 */
function hasSummary(folder: string): boolean {
  const logs = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.log$/.test(name),
  );
  return logs.some((name) => readFileSync(join(folder, name), 'latin1').includes('"pk":{"S":"unit#'));
}

/** Number of stored records according to all summaries. */
function summarized(items: readonly StoredItem[]): number {
  const summaries = items.filter(({ pk }) => pk.startsWith('unit#'));
  return summaries.reduce((sum, { statistics }) => sum + (statistics as { stored: number }).stored, 0);
}
