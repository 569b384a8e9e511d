import type { LogFormat } from '../../lib/logs/log-format.ts';
import { type Random, wholeNumber } from '../bench/random.ts';
import { flowParquet, flowRow } from '../factories/flow-parquet.ts';
import { sensorRecord } from '../factories/records.ts';
import { eveFlow, vpcLine, ZEEK_HEADER, zeekEntry, zeekLine } from '../factories/sensor-logs.ts';
import { broken } from './broken-lines.ts';

/** A piece of a log with broken entries, and how many entries must be accounted for. */
export interface FuzzInput {
  readonly bytes: Buffer;
  readonly format: LogFormat;
  /** At least so many; exactly so many where nothing in it can stand for several. */
  readonly entries: number;
}

/** Makes so many entries by what a seed decides. */
type MakeInput = (random: Random, count: number) => FuzzInput;

const text = JSON.stringify;
const OURS = [sensorRecord(), sensorRecord({ id: 'C1', bytes: 5, geo_data: { country_code: 'CZ' } })];
const ZEEK = [
  zeekEntry(),
  zeekEntry({ proto: 'icmp', 'id.orig_p': 8, 'id.resp_p': 0 }),
  zeekEntry({ service: undefined, conn_state: undefined, query: 'example.org' }),
];
const EVE = [
  eveFlow(),
  eveFlow({ event_type: 'alert' }),
  eveFlow({ proto: 'ICMP', dest_port: undefined }),
  eveFlow({ event_type: 'netflow', netflow: { bytes: 5 } }),
];
const VPC = [vpcLine(), vpcLine({ protocol: '1' }), '2 1 eni-1 - - - - - - - 1790000000 1790000060 - NODATA'];
const ENVELOPES = [...OURS, ...ZEEK, ...EVE].flatMap((entry) => [
  { Type: 'Notification', Message: text(entry) },
  { date: 1, log: text(entry) },
  { detail: entry, source: 'x' },
]);

export const FUZZED: Readonly<Record<string, MakeInput>> = {
  json: lines(
    'json',
    OURS.map((entry) => text(entry)),
  ),
  'zeek-json': lines(
    'zeek-json',
    ZEEK.map((entry) => text(entry)),
  ),
  'zeek-tsv': lines('zeek-tsv', ZEEK.map(zeekLine), ZEEK_HEADER, (line) => !/^[\s\0]*#/.test(line)),
  eve: lines(
    'eve',
    EVE.map((event) => text(event)),
  ),
  'vpc-flow': lines('vpc-flow', VPC),
  envelopes: lines(
    'json',
    ENVELOPES.map((envelope) => text(envelope)),
  ),
  concatenated: (random, count) => ({
    // Whole objects around each broken one, so that something must be found in any case.
    bytes: Buffer.from(Array.from({ length: count }, (_, n) => broken(text(OURS[n % 2]), random)).join('')),
    format: 'json',
    entries: 1,
  }),
  parquet: (random, count) => ({
    bytes: flowParquet(
      Array.from({ length: count }, () =>
        flowRow(
          random() < 0.5
            ? {}
            : {
                dstport: wholeNumber(-5, 70_000, random),
                protocol: wholeNumber(-2, 300, random),
                srcaddr: broken('10.20.4.9', random),
              },
        ),
      ),
    ),
    format: 'parquet',
    entries: count,
  }),
};

function lines(
  format: LogFormat,
  whole: readonly string[],
  first: readonly string[] = [],
  isEntry: (line: string) => boolean = () => true,
): MakeInput {
  return (random, count) => {
    // An array in place of a record stands for its elements, and objects one after the other for each of them.
    const texts = Array.from({ length: count }, (_, n) =>
      broken(whole[n % whole.length] ?? '', random)
        .replace(/^[\s\0]*\[/, '')
        .replaceAll(/\}[\s,]*\{/g, '}'),
    );
    const entries = texts.filter((line) => line.replaceAll('\0', '').trim() !== '' && isEntry(line)).length;
    return { bytes: Buffer.from([...first, whole[0], ...texts].join('\n')), format, entries: entries + 1 };
  };
}
