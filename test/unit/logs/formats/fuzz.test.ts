import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLog } from '../../../../lib/logs/read-log.ts';
import { windowsOf } from '../../../../lib/logs/windows.ts';
import { createLocality } from '../../../../lib/records/locality.ts';
import { pick, seededRandom } from '../../../bench/random.ts';
import { legacyRow, writeLegacyDatabase } from '../../../factories/sensor-logs.ts';
import { IS_LONG } from '../../../fixtures/long-tests.ts';
import { createWorkFolder } from '../../../fixtures/service/command-line.ts';
import { accountFor } from '../../../fuzz/account.ts';
import { FUZZED } from '../../../fuzz/formats.ts';

const LINES = IS_LONG ? 25_000 : 2_500;
const SEED = 20_260_921;

describe('many lines, half of them broken', () => {
  it.each(Object.entries(FUZZED))('of %s are all accounted for', async (_, make) => {
    const { read, sent, invalid } = await accountFor(make(seededRandom(SEED), LINES));

    // Without line ends, a broken object may hide its neighbours.
    expect(read).toBeGreaterThan(LINES / 3);
    expect(sent).toBeGreaterThan(LINES / 8);
    expect(invalid).toBeGreaterThan(LINES / 20);
  });

  it('of the legacy table are all accounted for', async () => {
    const random = seededRandom(SEED);
    const odd = [
      null,
      '',
      '-',
      'T',
      -1,
      1e300,
      70_000,
      2n ** 62n,
      Buffer.from('ff', 'hex'),
      '::1',
      '2026-02-30',
    ];
    const columns = ['timestamp', 'src_ip', 'dst_ip', 'dst_port', 'protocol', 'threat_score'];
    const rows = Array.from({ length: LINES }, () =>
      legacyRow(random() < 0.5 ? {} : { [pick(columns, random)]: pick(odd, random) }),
    );
    const path = join(createWorkFolder(), 'fuzz.db');
    writeLegacyDatabase(path, rows);

    const log = await readLog({ chunks: createReadStream(path), path });
    const windows = await Array.fromAsync(windowsOf(log.entries, { isLocal: createLocality([]) }));
    const sum = (count: (window: (typeof windows)[number]) => number) =>
      windows.reduce((total, window) => total + count(window), 0);
    const [sent, invalid] = [sum(({ records }) => records.length), sum((window) => window.invalid.length)];

    expect([sum(({ read }) => read), sent + invalid]).toEqual([LINES, LINES]);
    expect(sent).toBeGreaterThan(LINES / 2);
    expect(invalid).toBeGreaterThan(LINES / 10);
  });
});
