import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Input } from '../../../lib/cli/use/input/open-input.ts';
import { openLog } from '../../../lib/cli/use/input/open-log.ts';
import { runRecords } from '../../../lib/cli/use/run/run-records.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import { sequence } from '../../factories/iterables.ts';
import { jsonLines, sensorRecord } from '../../factories/records.ts';
import {
  eveFlow,
  legacyRow,
  vpcLine,
  writeLegacyDatabase,
  ZEEK_HEADER,
  zeekEntry,
  zeekLine,
} from '../../factories/sensor-logs.ts';
import { createWorkFolder } from '../../fixtures/service/command-line.ts';
import { type ScoringService, startScoringService } from '../../fixtures/service/scoring-service.ts';

let service: ScoringService;

beforeAll(async () => {
  service = await startScoringService();
});

afterAll(async () => await service?.stop());

const progress = { step: () => {}, update: () => {}, stop: () => {} };

function log(content: string | Buffer): Input {
  return { name: 'a log', chunks: sequence(Buffer.from(content)) };
}

/** Sixty connections of a log, of which the last repeats the first; each log has different addresses. */
function sixty<Entry>(network: string, entryOf: (n: number, address: string) => Entry): Entry[] {
  return Array.from({ length: 60 }, (_, n) => entryOf(n % 59, `198.18.${network}.${(n % 59) % 20}`));
}

async function run(input: Input) {
  const options = { hasState: false, areProvidersSimulated: false, isLocal: createLocality([]), progress };
  const { pushed, stored, duplicates, rejected, missing, skipped } = await runRecords(
    service.stack,
    { name: input.name, log: await openLog(input, undefined) },
    options,
  );
  return {
    pushed,
    stored,
    duplicates,
    missing,
    skipped,
    rejected: rejected.map(({ position, reason }) => `${position} ${reason}`),
  };
}

describe("a sensor's log ends up in the table, every entry of it accounted for", () => {
  const zeek = (network: string) =>
    sixty(network, (ts, address) =>
      zeekEntry({ ts, 'id.resp_h': address, ...(ts % 3 === 0 && { proto: 'icmp' }) }),
    );
  const sums = { pushed: 60, stored: 59, duplicates: 1, rejected: [], missing: [], skipped: {} };

  it('Zeek as columns', async () => {
    const lines = [...ZEEK_HEADER, ...zeek('1').map(zeekLine), '1790000000.5\tCcut'];

    expect(await run(log(gzipSync(lines.join('\n'))))).toEqual({
      ...sums,
      pushed: 61,
      rejected: ['69 record: expected 23 columns, got 2'],
    });
  });

  it('Zeek as JSON', async () => {
    expect(await run(log(zstdCompressSync(jsonLines([...zeek('2'), zeekEntry({ _path: 'dns' })]))))).toEqual({
      ...sums,
      skipped: { dns: 1 },
    });
  });

  it('Suricata', async () => {
    const flows = sixty('3', (flow_id, dest_ip) => eveFlow({ flow_id, dest_ip }));
    const others = [
      eveFlow({ event_type: 'alert' }),
      eveFlow({ event_type: 'dns' }),
      eveFlow({ dest_ip: '' }),
    ];

    expect(await run(log(jsonLines([...others, ...flows])))).toEqual({
      ...sums,
      pushed: 61,
      rejected: ['3 dst_ip: expected an IPv4 or IPv6 address, got ""'],
      skipped: { alert: 1, dns: 1 },
    });
  });

  it('VPC flows', async () => {
    const flows = sixty('4', (n, dstaddr) => vpcLine({ start: String(n), dstaddr }));
    const gap = '2 1 eni-1 - - - - - - - 1790000000 1790000060 - SKIPDATA';

    expect(await run(log([gap, ...flows].join('\n')))).toEqual({ ...sums, skipped: { SKIPDATA: 1 } });
  });

  it("the legacy system's table", async () => {
    const path = join(createWorkFolder(), 'legacy.db');
    writeLegacyDatabase(
      path,
      sixty('5', (timestamp, dst_ip) => legacyRow({ timestamp, dst_ip })),
    );

    // Each row has a unique id, so none is a duplicate.
    expect(await run({ name: path, path, chunks: createReadStream(path) })).toEqual({
      ...sums,
      stored: 60,
      duplicates: 0,
    });
  });

  it("sensors' objects among records of ours, which go to the queue as they came", async () => {
    const ours = sensorRecord({ dst_ip: '198.18.6.98' });

    expect(
      await run(log(jsonLines([ours, ...zeek('6'), eveFlow(), eveFlow({ event_type: 'dns' })]))),
    ).toEqual({
      ...sums,
      pushed: 62,
      stored: 61,
      skipped: { dns: 1 },
    });
  });
});
