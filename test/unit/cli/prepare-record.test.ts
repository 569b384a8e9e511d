import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prepareRecord } from '../../../lib/cli/push/prepare-record.ts';
import { remoteEndpoint } from '../../../lib/records/endpoint.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import { decodeBody } from '../../../lib/records/message-body.ts';
import { recordIdentity } from '../../../lib/records/record-identity.ts';
import { sensorRecords } from '../../factories/arbitraries.ts';
import { connectionRecord, sensorRecord } from '../../factories/records.ts';

const isLocal = createLocality([]);

describe('a record on its way to the queue', () => {
  it('travels with those of its remote address', () => {
    const text = JSON.stringify(sensorRecord());

    expect(prepareRecord({ text, position: 3 }, isLocal)).toEqual({
      text,
      group: '8.8.8.8',
      position: 3,
      identity: recordIdentity(connectionRecord()),
    });
  });

  it("is remote to the site's own networks", () => {
    const text = JSON.stringify(sensorRecord({ src_ip: '9.9.9.9', dst_ip: '192.0.2.7' }));
    const groupIn = (...networks: string[]) =>
      prepareRecord({ text, position: 1 }, createLocality(networks)).group;

    expect([groupIn('192.0.2.0/24'), groupIn('9.9.9.0/24')]).toEqual(['9.9.9.9', '192.0.2.7']);
  });

  it.each([
    ['no JSON', 'this line is no JSON'],
    ['cut short', '{"timestamp":1'],
    ['no object', 'null'],
    ['no record', '{}'],
    ['a record with a wrong port', JSON.stringify(sensorRecord({ dst_port: 70_000 }))],
  ])('is sent as it is where it is %s, and has no identity', (_, text) => {
    expect(prepareRecord({ text, position: 9 }, isLocal)).toEqual({ text, group: '', position: 9 });
  });

  it('is what the service reads, in characters that the queue takes', () => {
    fc.assert(
      fc.property(sensorRecords, (sent) => {
        const { text, group, identity } = prepareRecord({ text: JSON.stringify(sent), position: 1 }, isLocal);
        const { accepted, rejected } = decodeBody(text);

        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
        expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
        expect(text.isWellFormed()).toBe(true);
        expect(rejected).toEqual([]);
        expect(accepted.map(({ record }) => recordIdentity(record))).toEqual([identity]);
        expect(accepted.map(({ record }) => remoteEndpoint(record, isLocal).address)).toEqual([group]);
      }),
    );
  });
});
