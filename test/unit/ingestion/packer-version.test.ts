import { expect, it } from 'vitest';
import { PACKER_VERSION, packerOf } from '../../../lib/ingestion/packer-version.ts';
import { readLog } from '../../../lib/logs/read-log.ts';
import { messagesOf, windowsOf } from '../../../lib/logs/windows.ts';
import { contentHash } from '../../../lib/records/content-hash.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import { sequence } from '../../factories/iterables.ts';

/** Kept only here: a change to it requires a new hash, but no new version. */
const LOG = Array.from({ length: 3_000 }, (_, n) =>
  JSON.stringify({
    timestamp: 1_790_000_000 + n,
    src_ip: `10.20.${n % 7}.9`,
    dst_ip: `203.0.113.${(n * n) % 211}`,
    dst_port: n % 5 === 0 ? 53 : 443,
    protocol: n % 5 === 0 ? 'udp' : 'tcp',
  }),
).join('\n');

async function hashOfMessages(): Promise<string> {
  const { entries } = await readLog({ chunks: sequence(LOG) });
  const hashes: string[] = [];
  for await (const window of windowsOf(entries, { isLocal: createLocality([]) })) {
    for (const { body } of messagesOf(window)) hashes.push(contentHash(body));
  }
  return contentHash(hashes.join('\n'));
}

it('is raised when other messages are made of the same log: files that are being read would be stored twice', async () => {
  expect({ version: PACKER_VERSION, messages: await hashOfMessages() }).toEqual({
    version: 1,
    messages: 'Qbm_ldHYIU2oLalvCgeIdN',
  });
});

it('tells home networks apart, by which records are put together', () => {
  expect(packerOf([])).toBe(String(PACKER_VERSION));
  expect(packerOf(['192.0.2.0/24'])).not.toBe(packerOf(['192.0.2.0/25']));
});
