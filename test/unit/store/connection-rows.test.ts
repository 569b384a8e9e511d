import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../lib/records/canonical-json.ts';
import { parseRecord } from '../../../lib/records/connection-record.ts';
import { remoteEndpoint } from '../../../lib/records/endpoint.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import {
  type ConnectionKind,
  decodeEndpoint,
  decodeRow,
  encodeRow,
  type Row,
} from '../../../lib/store/connection-rows.ts';
import { sensorRecords } from '../../factories/arbitraries.ts';
import { connectionRecord } from '../../factories/records.ts';

const isLocal = createLocality([]);

function encode(overrides: Record<string, unknown>, kinds: ConnectionKind[] = []): string {
  const record = connectionRecord({ timestamp: 1.5, ...overrides });
  return encodeRow(record, remoteEndpoint(record, isLocal), kinds);
}

describe('encodeRow', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['the least', {}, '[1.5,"172.16.1.11",null,53]'],
    ['a source port', { src_port: 0 }, '[1.5,"172.16.1.11",0,53]'],
    ['an id', { id: 'C1' }, '[1.5,"172.16.1.11",null,53,"C1"]'],
    ['no bytes at all', { bytes: 0 }, '[1.5,"172.16.1.11",null,53,null,0]'],
    [
      'further fields',
      { note: 'x' },
      '[1.5,"172.16.1.11",null,53,null,null,null,null,null,null,{"note":"x"}]',
    ],
    ['a duration', { duration: 1.5 }, '[1.5,"172.16.1.11",null,53,null,null,null,1.5]'],
    [
      'bytes of both ways',
      { bytes: 12, bytes_out: 5, bytes_in: 7 },
      '[1.5,"172.16.1.11",null,53,null,null,null,null,5,7]',
    ],
    [
      'bytes that are no sum',
      { bytes: 1, bytes_out: 5, bytes_in: 7 },
      '[1.5,"172.16.1.11",null,53,null,1,null,null,5,7]',
    ],
    [
      'bytes of both ways alone',
      { bytes_out: 5, bytes_in: 7 },
      '[1.5,"172.16.1.11",null,53,null,false,null,null,5,7]',
    ],
    ['bytes of one way', { bytes: 5, bytes_out: 5 }, '[1.5,"172.16.1.11",null,53,null,5,null,null,5]'],
    ['a line feed', { id: 'a\nb' }, '[1.5,"172.16.1.11",null,53,"a\\nb"]'],
    ['an inbound connection', { src_ip: '8.8.8.8', dst_ip: '10.0.0.1' }, '[1.5,"10.0.0.1",null,53]'],
    ['nothing of what the verdict holds', { threat_intel: {}, geo_data: {} }, '[1.5,"172.16.1.11",null,53]'],
  ])('writes %s', (_, overrides, expected) => {
    expect(encode(overrides)).toBe(expected);
  });

  it('writes each kind of connection once', () => {
    const kinds: ConnectionKind[] = [];

    const rows = [{}, { protocol: 'tcp' }, {}, { protocol: 'tcp' }, { local_orig: true }].map((overrides) =>
      encode(overrides, kinds),
    );

    expect(kinds).toStrictEqual([
      { protocol: 'udp', direction: 'outbound' },
      { protocol: 'tcp', direction: 'outbound' },
      { protocol: 'udp', direction: 'outbound', local_orig: true },
    ]);
    expect(rows.map((row) => (JSON.parse(row) as unknown[])[6] ?? 0)).toEqual([0, 1, 0, 1, 2]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['the direction', { src_ip: '8.8.8.8', dst_ip: '10.0.0.1' }],
    ['the protocol', { protocol: 'tcp' }],
    ['whether the sensor takes the origin for local', { local_orig: false }],
    ['whether the sensor takes the other side for local', { local_resp: false }],
    ['the state', { state: 'refused' }],
  ])('tells kinds apart by %s alone', (_, overrides) => {
    const kinds: ConnectionKind[] = [];

    const rows = [{}, overrides, {}, overrides].map((each) => JSON.parse(encode(each, kinds)) as unknown[]);

    expect(kinds).toHaveLength(2);
    expect(rows.map((row) => row[6] ?? 0)).toEqual([0, 1, 0, 1]);
  });

  it('lists thirty-two kinds for all rows, and has others in their rows', () => {
    const kinds: ConnectionKind[] = [];
    const protocols = Array.from({ length: 34 }, (_, n) => `protocol-${n}`);

    const rows = protocols.map((protocol) => JSON.parse(encode({ protocol }, kinds)) as Row);

    expect(kinds.map(({ protocol }) => protocol)).toEqual(protocols.slice(0, 32));
    expect(rows.slice(30).map((row) => row[6])).toEqual([
      30,
      31,
      { protocol: 'protocol-32', direction: 'outbound' },
      { protocol: 'protocol-33', direction: 'outbound' },
    ]);
    expect(rows.map((row) => decodeRow(row, '8.8.8.8', kinds, {}).protocol)).toEqual(protocols);
  });
});

describe('decodeRow', () => {
  it('gives back every record that was written, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(sensorRecords, { minLength: 1, maxLength: 5 }), (values) => {
        const kinds: ConnectionKind[] = [];
        const written = values
          .map(parseRecord)
          .filter((parsed) => parsed.ok)
          .map(({ record, canonical }) => {
            const endpoint = remoteEndpoint(record, isLocal);
            return { record, canonical, endpoint, row: encodeRow(record, endpoint, kinds) };
          });

        for (const { record, canonical, endpoint, row } of written) {
          const { threat_intel, geo_data } = record;
          const context = {
            ...(threat_intel !== undefined && { threat_intel }),
            ...(geo_data !== undefined && { geo_data }),
          };
          expect(canonicalJson(decodeRow(JSON.parse(row) as Row, endpoint.address, kinds, context))).toBe(
            canonical,
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  it('says which address has a row of an unknown kind', () => {
    const decode = () => decodeRow([1, '10.0.0.1', null, 53, null, null, 3], '8.8.8.8', [], {});

    expect(decode).toThrow(new RangeError('a stored connection of 8.8.8.8 has no kind 3'));
  });
});

describe('decodeEndpoint', () => {
  it.each<[string, Row, number, string]>([
    ['of a listed kind', [1, '10.0.0.1', null, 443, null, null, 1], 443, 'tcp'],
    ['of the first kind', [1, '10.0.0.1', null, 443], 443, 'udp'],
    [
      'with its own kind',
      [1, '10.0.0.1', null, 0, null, null, { protocol: 'gre', direction: 'inbound' }],
      0,
      'gre',
    ],
  ])('reads of a row %s what was scored', (_, row, dst_port, protocol) => {
    const kinds: ConnectionKind[] = [
      { protocol: 'udp', direction: 'inbound', local_orig: true },
      { protocol: 'tcp', direction: 'inbound' },
    ];

    expect(decodeEndpoint(row, '8.8.8.8', kinds)).toStrictEqual({
      address: '8.8.8.8',
      dst_port,
      protocol,
      direction: 'inbound',
    });
  });
});
