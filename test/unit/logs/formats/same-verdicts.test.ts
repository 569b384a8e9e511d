import { describe, expect, it } from 'vitest';
import { createConsensus } from '../../../../lib/consensus/consensus.ts';
import { remoteEndpoint, scoringInput } from '../../../../lib/records/endpoint.ts';
import { createLocality } from '../../../../lib/records/locality.ts';
import { decodeBody } from '../../../../lib/records/message-body.ts';
import { pick, seededRandom, wholeNumber } from '../../../bench/random.ts';
import { jsonLines } from '../../../factories/records.ts';
import { entriesOf, eveFlow, ZEEK_HEADER, zeekEntry, zeekLine } from '../../../factories/sensor-logs.ts';

/** Connections of every kind that a log has, in and out. */
function connections(count: number) {
  const random = seededRandom(7);
  return Array.from({ length: count }, (_, n) => {
    const isInbound = random() < 0.7;
    const remote = pick([`198.18.0.${n % 200}`, `2001:db8::${n % 99}`, 'ff02::fb', '10.0.2.3'], random);
    const proto = pick(['tcp', 'tcp', 'udp', 'icmp'], random);
    return zeekEntry({
      ts: pick([n / 8, 1_790_000_000.000001 + n], random),
      uid: `C${n % 50}`,
      proto,
      'id.orig_h': isInbound ? remote : '147.32.81.167',
      'id.orig_p': proto === 'icmp' ? pick([3, 8, 136], random) : wholeNumber(1_024, 65_535, random),
      'id.resp_h': isInbound ? '147.32.81.167' : remote,
      'id.resp_p': proto === 'icmp' ? pick([0, 1, 3], random) : pick([22, 23, 53, 443, 65_535], random),
      duration: pick([null, 0.012166976928710938], random),
      orig_bytes: pick([null, 0, 980], random),
      ...pick(
        [
          { local_orig: null, local_resp: null },
          { local_orig: !isInbound, local_resp: isInbound },
        ],
        random,
      ),
      label: pick(['Malicious', null], random),
    });
  });
}

const consensus = createConsensus();
const isLocal = createLocality([]);

describe('the same log', () => {
  const log = connections(2_000);

  it('gives the same records and verdicts as JSON and as columns', async () => {
    const asJson = await entriesOf(jsonLines(log));
    const asColumns = await entriesOf([...ZEEK_HEADER, ...log.map(zeekLine)].join('\n'));

    const verdicts = [asJson, asColumns].map((entries) =>
      entries.map((entry) => {
        if (entry.kind !== 'connection') return entry;
        const { record, canonical } = entry;
        return {
          canonical,
          verdict: consensus.assess(scoringInput(record, remoteEndpoint(record, isLocal))),
        };
      }),
    );
    expect(verdicts[0]).toHaveLength(log.length);
    expect(asJson.every(({ kind }) => kind === 'connection')).toBe(true);
    expect(verdicts[1]).toEqual(verdicts[0]);
  });

  it.each([
    ['Zeek', log],
    ['Suricata', [eveFlow(), eveFlow({ proto: 'ICMP', dest_port: undefined }), eveFlow({ flow_id: 2 })]],
  ])('of %s gives the same records when a log shipper sends it to the queue', async (_, entries) => {
    const read = (await entriesOf(jsonLines(entries))).map(
      (entry) => 'canonical' in entry && entry.canonical,
    );

    for (const body of [jsonLines(entries), JSON.stringify(entries)]) {
      const { accepted, rejected } = decodeBody(body);
      expect(rejected).toEqual([]);
      expect(accepted.map(({ canonical }) => canonical)).toEqual(read);
    }
  });

  it('counts what is no connection by its kind, and rejects none of it', () => {
    const body = jsonLines([
      eveFlow(),
      eveFlow({ event_type: 'alert' }),
      zeekEntry({ _path: 'dns' }),
      zeekEntry(),
    ]);

    const { accepted, rejected, skipped } = decodeBody(body);

    expect(accepted.map(({ index }) => index)).toEqual([0, 3]);
    expect(rejected).toEqual([]);
    expect(Object.fromEntries(skipped)).toEqual({ alert: 1, dns: 1 });
  });

  it('has its own reasons where it is invalid', () => {
    const { rejected } = decodeBody(jsonLines([eveFlow({ dest_ip: '1.2' }), { event_type: 'flow' }]));

    expect(rejected.map(({ reason }) => reason)).toEqual([
      'dst_ip: expected an IPv4 or IPv6 address, got "1.2"',
      "record: none of a connection's fields, but event_type",
    ]);
  });
});
