import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalAddress } from '../../../lib/records/address.ts';
import { contentHash } from '../../../lib/records/content-hash.ts';
import { assessmentId, endpointName, parseAssessmentId } from '../../../lib/store/assessment-id.ts';

const HASH = 'fiGCaZRSzH4sTAYKtvKdMj';
const ID = `203.0.113.201/${HASH}/443/tcp/outbound`;

const addresses = fc
  .oneof(fc.ipV4(), fc.ipV6())
  .map((text) => canonicalAddress(text))
  .filter((address) => address !== undefined);
const endpoints = fc
  .record({
    dst_port: fc.integer({ min: 0, max: 65_535 }),
    protocol: fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,31}$/),
    direction: fc.constantFrom('outbound', 'inbound', 'internal', 'external'),
    geo_data: fc.option(fc.record({ country_code: fc.string() }), { nil: undefined }),
  })
  .map(({ geo_data, ...endpoint }) => endpointName(endpoint, geo_data === undefined ? {} : { geo_data }));
const names = fc.record(
  {
    address: addresses,
    unit: fc.string({ unit: 'binary' }).map(contentHash),
    endpoint: endpoints,
    reportAgeDays: fc.nat({ max: 20_000 }),
    listed: fc.constantFrom('1', '2-7', '12-1460'),
  },
  { requiredKeys: ['address', 'unit', 'endpoint'] },
);

describe("an assessment's id", () => {
  it('says what was assessed', () => {
    fc.assert(
      fc.property(names, (name) => {
        expect(parseAssessmentId(assessmentId(name))).toEqual(name);
      }),
    );
  });

  it('is one word that a shell leaves alone', () => {
    fc.assert(
      fc.property(names, (name) => {
        expect(assessmentId(name)).toMatch(/^[\w.:/-]+$/);
        expect(assessmentId(name)).not.toMatch(/^-/);
      }),
    );
  });

  it.each([
    [{}, '443/tcp/outbound'],
    [{ geo_data: { country_code: 'DE' } }, expect.stringMatching(/^443\/tcp\/outbound\/[\w-]{8}$/)],
    [{ threat_intel: {} }, expect.stringMatching(/^443\/tcp\/outbound\/[\w-]{8}$/)],
  ])('tells endpoints apart by what their records bring along: %j', (brought, expected) => {
    const endpoint = { dst_port: 443, protocol: 'tcp', direction: 'outbound' as const };

    expect(endpointName(endpoint, brought)).toEqual(expected);
  });

  it('gives different intelligence different names', () => {
    const endpoint = { dst_port: 443, protocol: 'tcp', direction: 'outbound' as const };
    const given = [
      {},
      { threat_intel: {} },
      { geo_data: {} },
      { geo_data: { country_code: 'DE' } },
      { geo_data: { country_code: 'US' } },
      { threat_intel: { blocklist: { lists: 1, total_lists: 2 } } },
    ].map((brought) => endpointName(endpoint, brought));

    expect(new Set(given).size).toBe(given.length);
  });

  it.each([
    '',
    'nonsense',
    '203.0.113.201',
    ID.slice(0, ID.lastIndexOf('/')),
    `${ID}/short`,
    `${ID}/12345678/9`,
    `${ID}/-1d`,
    `${ID}/1234567890d`,
    `${ID}/on`,
    `${ID}/on1/7d`,
    `${ID} `,
    ` ${ID}`,
    `${ID}\n`,
    ID.replace('203.0.113.201', ''),
    ID.replace('203.0.113.201', 'example.org'),
    ID.replace('203.0.113.201', '203.0.113.201#1'),
    ID.replace('203.0.113.201', '2001:DB8::1'),
    ID.replace(HASH, HASH.slice(1)),
    ID.replace(HASH, `${HASH}A`),
    ID.replace(HASH, `#${HASH.slice(1)}`),
    ID.replace('443', '-1'),
    ID.replace('443', '123456'),
    ID.replace('tcp', 'TCP'),
    ID.replace('tcp', ''),
    ID.replace('outbound', '1'),
    ID.replaceAll('/', '#'),
  ])('is not %j', (text) => {
    expect(parseAssessmentId(text)).toBeUndefined();
  });
});
