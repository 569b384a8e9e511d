import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { PACKER_VERSION, packerOf } from '../../../lib/ingestion/packer-version.ts';
import { readLog } from '../../../lib/logs/read-log.ts';
import { messagesOf, windowsOf } from '../../../lib/logs/windows.ts';
import { contentHash } from '../../../lib/records/content-hash.ts';
import { createLocality } from '../../../lib/records/locality.ts';

const SAMPLE = fileURLToPath(new URL('../../fixtures/sample/connections.ndjson', import.meta.url));

async function hashOfMessages(): Promise<string> {
  const { entries } = await readLog({ chunks: createReadStream(SAMPLE), path: SAMPLE });
  const hashes: string[] = [];
  for await (const window of windowsOf(entries, { isLocal: createLocality([]) })) {
    for (const { body } of messagesOf(window)) hashes.push(contentHash(body));
  }
  return contentHash(hashes.join('\n'));
}

it('is raised when other messages are made of the same log: files that are being read would be stored twice', async () => {
  expect({ version: PACKER_VERSION, messages: await hashOfMessages() }).toEqual({
    version: 1,
    messages: 'QBSAWxcOxkruGcTUuJOcka',
  });
});

it('tells home networks apart, by which records are put together', () => {
  expect(packerOf([])).toBe(String(PACKER_VERSION));
  expect(packerOf(['192.0.2.0/24'])).not.toBe(packerOf(['192.0.2.0/25']));
});
