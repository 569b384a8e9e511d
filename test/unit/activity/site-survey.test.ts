import { describe, expect, it } from 'vitest';
import { proposedNetworks } from '../../../lib/activity/proposed-networks.ts';
import { SiteSurvey } from '../../../lib/activity/site-survey.ts';
import { remoteEndpoint } from '../../../lib/records/endpoint.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import { connectionRecord } from '../../factories/records.ts';

const SERVER = '147.32.81.167';
const visitor = (n: number) => `8.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;

function surveyOf(records: readonly object[], home: readonly string[] = []) {
  const isLocal = createLocality(home);
  const survey = new SiteSurvey();
  for (const fields of records) {
    const record = connectionRecord({ protocol: 'tcp', ...fields });
    survey.add(record, remoteEndpoint(record, isLocal));
  }
  return survey.result;
}

const visits = (count: number, fields: object = {}) =>
  Array.from({ length: count }, (_, n) => ({ src_ip: visitor(n), dst_ip: SERVER, dst_port: 443, ...fields }));
const calls = (count: number, fields: object = {}) =>
  Array.from({ length: count }, (_, n) => ({ src_ip: '10.0.0.2', dst_ip: visitor(n), ...fields }));

describe('a survey', () => {
  it('of nothing finds nothing', () => {
    expect(surveyOf([])).toEqual({
      connections: 0,
      withoutLocalSide: 0,
      homeCandidates: [],
      tcpConnections: 0,
      answeredTcp: 0,
      isOneSided: false,
    });
  });

  it('asks whether the address that most connections have in common is the site', () => {
    const { connections, withoutLocalSide, homeCandidates } = surveyOf([...visits(74), ...calls(26)]);

    expect({ connections, withoutLocalSide }).toEqual({ connections: 100, withoutLocalSide: 74 });
    expect(homeCandidates).toEqual([{ address: SERVER, share: 0.74, role: 'receives' }]);
  });

  it('knows one that begins them, and asks for no more than the busiest three', () => {
    const hosts = [1, 2, 3, 4, 5].map((n) => `147.32.81.${n}`);
    const records = hosts.flatMap((src_ip, n) =>
      visits(50 - n).map(({ src_ip: dst_ip }) => ({ src_ip, dst_ip })),
    );

    const { homeCandidates } = surveyOf(records);

    expect(homeCandidates.map(({ address, role }) => ({ address, role }))).toEqual(
      hosts.slice(0, 3).map((address) => ({ address, role: 'sends' })),
    );
  });

  it('asks for the rest of a site of which most is named', () => {
    const { homeCandidates } = surveyOf([...visits(8), ...calls(92)]);

    expect(homeCandidates).toEqual([{ address: SERVER, share: 0.08, role: 'receives' }]);
  });

  it('does not take a server that one host uses much for the site', () => {
    const queries = visits(90, { src_ip: SERVER, dst_ip: '9.9.9.9', dst_port: 53 });

    expect(surveyOf([...queries, ...visits(5)]).homeCandidates.map(({ address }) => address)).toEqual([
      SERVER,
    ]);
  });

  it('asks nothing where networks are named, or the sensor says', () => {
    expect(surveyOf(visits(50), ['147.32.80.0/20'])).toMatchObject({
      withoutLocalSide: 0,
      homeCandidates: [],
    });
    expect(surveyOf(visits(50, { local_resp: true }))).toMatchObject({ withoutLocalSide: 0 });
  });

  it('keeps few of many addresses, and the busy one among them', () => {
    const strangers = Array.from({ length: 20_000 }, (_, n) => ({
      src_ip: visitor(n),
      dst_ip: n % 5 === 0 ? SERVER : visitor(100_000 + n),
    }));

    expect(surveyOf(strangers).homeCandidates).toEqual([{ address: SERVER, share: 0.2, role: 'receives' }]);
  });

  it.each([
    ['hardly an answer', 1, true],
    ['no answer at all', 0, true],
    ['some answers', 2, false],
  ])('says where a sensor shows %s', (_, answered, isOneSided) => {
    const records = [
      ...calls(answered, { state: 'answered' }),
      ...calls(98 - answered, { state: 'unanswered' }),
    ];

    expect(surveyOf(records)).toMatchObject({ tcpConnections: 98, answeredTcp: answered, isOneSided });
  });

  it('says nothing about a sensor by a handful of connections', () => {
    expect(surveyOf(calls(19, { state: 'unanswered' }))).toMatchObject({ isOneSided: false });
  });
});

describe('proposed networks', () => {
  it.each([
    [['147.32.81.167'], ['147.32.81.167/32']],
    [['147.32.81.167', '147.32.81.9'], ['147.32.81.0/24']],
    [
      ['147.32.81.167', '147.32.83.9'],
      ['147.32.81.167/32', '147.32.83.9/32'],
    ],
    [['2001:718:2:1663:dc58:6d9:ef13:51a5'], ['2001:718:2:1663::/64']],
    [
      ['2001:718:2:1663::1', '1.2.3.4', '2001:718:2:1663::2'],
      ['2001:718:2:1663::/64', '1.2.3.4/32'],
    ],
    [[], []],
  ])('cover %j', (addresses, networks) => {
    expect(proposedNetworks(addresses)).toEqual(networks);
    const isLocal = createLocality(networks);
    expect(addresses.every(isLocal)).toBe(true);
  });
});
