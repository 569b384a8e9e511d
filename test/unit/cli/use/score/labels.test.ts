import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openInput } from '../../../../../lib/cli/use/input/open-input.ts';
import { scoreInput } from '../../../../../lib/cli/use/score/score-input.ts';
import { writeParquet } from '../../../../factories/flow-parquet.ts';
import { sequence } from '../../../../factories/iterables.ts';
import { queuedMessage, scoreMessage, scoringOptions } from '../../../../factories/messages.ts';
import { jsonLines, sensorRecord } from '../../../../factories/records.ts';
import {
  eveFlow,
  legacyRow,
  writeLegacyDatabase,
  ZEEK_HEADER,
  zeekEntry,
  zeekLine,
} from '../../../../factories/sensor-logs.ts';
import { createWorkFolder } from '../../../../fixtures/service/command-line.ts';

/** Labels that a log's owner may have added to a connection, by column names of published sets. */
type Labels = Readonly<Record<string, string | number>>;

const SCANNER = '8.8.4.4';
const VISITOR = '9.9.9.9';
const CALLED = '1.1.1.1';

interface Seen {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly isAnswered: boolean;
}

/** A scan, visits and calls, with verdicts from the base rate to malicious. */
const SEEN: readonly Seen[] = [
  ...Array.from({ length: 40 }, (_, n) => ({
    from: SCANNER,
    to: '10.0.0.7',
    port: 1 + n,
    isAnswered: false,
  })),
  ...Array.from({ length: 20 }, () => ({ from: VISITOR, to: '10.0.0.80', port: 443, isAnswered: true })),
  ...Array.from({ length: 20 }, () => ({ from: '10.0.0.2', to: CALLED, port: 443, isAnswered: true })),
];

const zeek = ({ from, to, port, isAnswered }: Seen, n: number, labels: Labels) =>
  zeekEntry({
    uid: `C${n}`,
    'id.orig_h': from,
    'id.resp_h': to,
    'id.resp_p': port,
    conn_state: isAnswered ? 'SF' : 'S0',
    local_orig: from.startsWith('10.'),
    local_resp: to.startsWith('10.'),
    ...labels,
  });

const record = ({ from, to, port, isAnswered }: Seen, n: number, labels: Labels) =>
  sensorRecord({
    id: `C${n}`,
    src_ip: from,
    dst_ip: to,
    dst_port: port,
    protocol: 'tcp',
    state: isAnswered ? 'answered' : 'unanswered',
    ...labels,
  });

const eve = ({ from, to, port, isAnswered }: Seen, n: number, labels: Labels) =>
  eveFlow({
    flow_id: n,
    src_ip: from,
    dest_ip: to,
    dest_port: port,
    flow: {
      pkts_toserver: 4,
      pkts_toclient: isAnswered ? 5 : 0,
      bytes_toserver: 300,
      bytes_toclient: isAnswered ? 500 : 0,
      start: '2026-09-21T16:13:20.123456+0200',
      end: '2026-09-21T16:13:21.123456+0200',
      state: isAnswered ? 'closed' : 'new',
    },
    ...labels,
  });

const FORMATS: Readonly<Record<string, (labelsOf: (n: number) => Labels) => string | Buffer>> = {
  json: (labelsOf) => jsonLines(SEEN.map((seen, n) => record(seen, n, labelsOf(n)))),
  'zeek-json': (labelsOf) => jsonLines(SEEN.map((seen, n) => zeek(seen, n, labelsOf(n)))),
  'zeek-tsv': (labelsOf) =>
    [...ZEEK_HEADER, ...SEEN.map((seen, n) => zeekLine(zeek(seen, n, labelsOf(n))))].join('\n'),
  eve: (labelsOf) => jsonLines(SEEN.map((seen, n) => eve(seen, n, labelsOf(n)))),
  'vpc-flow': (labelsOf) => [VPC_COLUMNS, ...SEEN.map((seen, n) => vpc(seen, labelsOf(n)))].join('\n'),
  parquet,
};

const VPC_COLUMNS =
  'version srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status flow-direction label';

/** A log with a column added by its owner. */
function vpc({ from, to, port, isAnswered }: Seen, { label = '-' }: Labels): string {
  const direction = from.startsWith('10.') ? 'egress' : 'ingress';
  const verdict = isAnswered ? 'ACCEPT' : 'REJECT';
  return `2 ${from} ${to} 40042 ${port} 6 9 800 1790000000 1790000060 ${verdict} OK ${direction} ${String(label).replaceAll(' ', '_')}`;
}

function parquet(labelsOf: (n: number) => Labels): Buffer {
  const column = (
    name: string,
    type: 'STRING' | 'INT32' | 'INT64',
    cellOf: (seen: Seen, n: number) => unknown,
  ) => ({
    name,
    type,
    nullable: true,
    data: SEEN.map(cellOf),
  });
  return writeParquet([
    column('version', 'INT32', () => 2),
    column('srcaddr', 'STRING', ({ from }) => from),
    column('dstaddr', 'STRING', ({ to }) => to),
    column('srcport', 'INT32', () => 40_042),
    column('dstport', 'INT32', ({ port }) => port),
    column('protocol', 'INT32', () => 6),
    column('bytes', 'INT64', () => 800n),
    column('start', 'INT64', () => 1_790_000_000n),
    column('action', 'STRING', ({ isAnswered }) => (isAnswered ? 'ACCEPT' : 'REJECT')),
    column('log_status', 'STRING', () => 'OK'),
    ...NAMES.map((name) => column(name, 'STRING', (_, n) => String(labelsOf(n)[name] ?? '') || null)),
  ]);
}

const NAMES = ['label', 'detailedlabel', 'Label', 'attack', 'is_malicious', 'class'];
const LABELLINGS: ReadonlyArray<readonly [string, (n: number) => Labels]> = [
  ['all malicious', () => labelled('Malicious   C&C', 1)],
  ['all benign', () => labelled('Benign', 0)],
  ['the wrong way round', (n) => labelled(n < 40 ? 'Benign' : 'Malicious', Number(n >= 40))],
];

function labelled(text: string, number: number): Labels {
  return Object.fromEntries(NAMES.map((name) => [name, name === 'is_malicious' ? number : text]));
}

async function verdictsOf(input: Parameters<typeof scoreInput>[0]): Promise<object[]> {
  const { results } = await scoreInput(input, {});
  return await Array.fromAsync(results);
}

const scored = async (text: string | Buffer) =>
  await verdictsOf({ name: 'a log', chunks: sequence(Buffer.from(text)) });

describe.each(Object.entries(FORMATS))('labels in a log of the format %s', (_, write) => {
  it('leave a scan and visits to be told apart', async () => {
    const scores = (await scored(write(() => ({})))).map((verdict) => verdict as Record<string, unknown>);

    expect(scores).toHaveLength(SEEN.length);
    expect(Number(scores[0]?.threat_score)).toBeGreaterThan(0.7);
    expect(Number(scores.at(-1)?.threat_score)).toBeLessThan(0.2);
  });

  it.each(LABELLINGS)('change no verdict: %s', async (__, labelsOf) => {
    expect(await scored(write(labelsOf))).toEqual(await scored(write(() => ({}))));
  });
});

describe('labels in the legacy table', () => {
  async function scoredTable(labelsOf: (n: number) => Labels): Promise<object[]> {
    const path = join(createWorkFolder(), 'legacy.db');
    const rows = SEEN.map(({ from, to, port }, n) =>
      legacyRow({ src_ip: from, dst_ip: to, dst_port: port, ...labelsOf(n) }),
    );
    writeLegacyDatabase(path, rows);
    return await verdictsOf(await openInput(path));
  }

  it.each(LABELLINGS)('change no verdict: %s', async (_, labelsOf) => {
    // SQLite's column names are case-insensitive.
    const withoutTwins = (n: number) => {
      const { Label: __, ...labels } = labelsOf(n);
      return labels;
    };

    expect(await scoredTable(withoutTwins)).toEqual(await scoredTable(() => ({})));
  });
});

describe('labels in a message', () => {
  const { json, 'zeek-json': zeekJson, eve: eveJson } = FORMATS;

  it.each([
    ['records', json],
    ['Zeek entries', zeekJson],
    ['EVE entries', eveJson],
  ])('of %s change no verdict', (_, write) => {
    const assessed = (labelsOf: (n: number) => Labels) => {
      const message = queuedMessage({ body: String(write?.(labelsOf)) });
      return scoreMessage(message, scoringOptions()).addresses.map(({ address, scored: all }) => ({
        address,
        assessed: all.assessed,
      }));
    };

    const plain = assessed(() => ({}));
    expect(plain).toHaveLength(3);
    for (const [, labelsOf] of LABELLINGS) expect(assessed(labelsOf)).toEqual(plain);
  });
});
