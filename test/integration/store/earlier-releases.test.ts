import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { type EmbeddedTable, startTable } from '../../fixtures/embedded-table.ts';
import { readAll } from '../../fixtures/stored/read-all.ts';
import { readRelease, unpackedItem } from '../../fixtures/stored/stored-release.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/stored');
const RELEASES = globSync('*.ndjson', { cwd: FOLDER }).sort();

const keyOf = (item: Record<string, unknown>) => {
  const { pk, sk } = item as { readonly pk: { readonly S: string }; readonly sk: { readonly S: string } };
  return { pk: pk.S, sk: sk.S };
};

it('what this release stores is kept for later ones: else `npm run stored-items`', () => {
  expect(RELEASES).toContain(`${packageJson.version}.ndjson`);
});

describe.each(RELEASES)('what a release stored, %s', (file) => {
  const release = readRelease(readFileSync(join(FOLDER, file), 'utf8'));
  const keys = release.items.map(keyOf);
  let embedded: EmbeddedTable;

  beforeAll(async () => {
    embedded = await startTable();
    const { client, tableName: TableName } = embedded.table;
    for (const item of release.items) {
      await client.send(new PutItemCommand({ TableName, Item: unpackedItem(item) }) as never);
    }
  });
  afterAll(async () => await embedded?.stop());

  it('is of every kind that outlives a few days', () => {
    const kinds = new Set(keys.map(({ pk }) => pk.replace(/#.*$/, '')));

    expect([...kinds].sort()).toEqual([
      'address',
      'allowlist',
      'announced',
      'finding',
      'intel',
      'label',
      'list',
      'lists',
      'object',
      'quota',
      'unit',
    ]);
    expect(Object.entries(release.read).filter(([, found]) => (found as unknown[]).length === 0)).toEqual([]);
  });

  it('is read by every reader as it was then', async () => {
    const unreadable: string[] = [];
    const table = {
      ...embedded.table,
      onUnreadable: ({ pk }: { readonly pk: string }, reason: string) => unreadable.push(`${pk}: ${reason}`),
    };

    const read = await readAll(table, keys, release.now_ms);

    expect(unreadable).toEqual([]);
    // Additional fields of a later version are no loss.
    expect(read).toMatchObject(release.read);
  });
});
