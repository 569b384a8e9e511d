import { describe, expect, it } from 'vitest';
import { isFindingAllowed } from '../../../lib/announcement/allowed-finding.ts';
import { DEFAULT_ANNOUNCEMENT_SETTINGS } from '../../../lib/announcement/announcement-settings.ts';
import { decide, mayBeAnnounced } from '../../../lib/announcement/decide.ts';
import { sightingsOf } from '../../../lib/assessment/sightings.ts';
import type { AllowEntry } from '../../../lib/intelligence/allowlist/allow-entry.ts';
import { Allowlist } from '../../../lib/intelligence/allowlist/allowlist.ts';
import { queuedMessage, scoreMessage, scoringOptions } from '../../factories/messages.ts';
import { jsonLines, sensorRecord } from '../../factories/records.ts';
import { SEEN_AT_MS, sighting } from '../../factories/sightings.ts';

const ADDRESS = '203.0.113.9';
const entry = (changes: Partial<AllowEntry> = {}): AllowEntry => ({
  id: 'abcdefgh',
  network: `${ADDRESS}/32`,
  reason: 'ours',
  owner: 'somebody',
  addedAtMs: SEEN_AT_MS,
  ...changes,
});
const finding = (...ports: number[]) => ({
  address: ADDRESS,
  direction: 'outbound' as const,
  services: ports.map((port) => ({ port, protocol: 'tcp' })),
});
const MANY_PORTS = Array.from({ length: 10 }, () => 443);

describe('a finding', () => {
  it.each([
    ['covered as a whole', [entry()], finding(443, 22), true],
    ['whose every port is covered', [entry({ port: 443 }), entry({ port: 22 })], finding(443, 22), true],
    ['of which a port is not covered', [entry({ port: 443 })], finding(443, 22), false],
    ['that may concern more ports than it names', [entry({ port: 443 })], finding(...MANY_PORTS), false],
    ['that may concern more ports, all covered', [entry()], finding(...MANY_PORTS), true],
    ['in another direction', [entry({ direction: 'inbound' })], finding(443), false],
    ['whose entry has expired', [entry({ expiresAtMs: SEEN_AT_MS })], finding(443), false],
    ['of another address', [entry({ network: '203.0.113.8/32' })], finding(443), false],
  ])('%s', (_, entries, found, expected) => {
    expect(isFindingAllowed(new Allowlist(entries), found, SEEN_AT_MS)).toBe(expected);
  });
});

describe('an announcement', () => {
  it('is never made about what the allowlist covers', () => {
    const allowed = sighting({ score: 0.99, isAllowed: true });

    expect(mayBeAnnounced(sighting({ score: 0.99 }), DEFAULT_ANNOUNCEMENT_SETTINGS)).toBe(true);
    expect(mayBeAnnounced(allowed, DEFAULT_ANNOUNCEMENT_SETTINGS)).toBe(false);
    expect(decide({}, allowed, DEFAULT_ANNOUNCEMENT_SETTINGS)).toBeUndefined();
  });
});

it('an address that is allowed in part has a sighting of each part', () => {
  const bad = { virustotal: { malicious_vendors: 60, total_vendors: 94 } };
  const records = [443, 22].map((dst_port) =>
    sensorRecord({
      dst_ip: ADDRESS,
      dst_port,
      protocol: 'tcp',
      local_orig: true,
      local_resp: false,
      threat_intel: bad,
    }),
  );
  const options = scoringOptions({
    allowedBy: ({ dst_port }) => (dst_port === 443 ? 'abcdefgh' : undefined),
  });
  const scored = scoreMessage(queuedMessage({ body: jsonLines(records) }), options);

  const found = scored.addresses.flatMap((address) => sightingsOf(scored, address, options));

  expect(found.map(({ isAllowed, services }) => [isAllowed, [...services.keys()]])).toEqual(
    expect.arrayContaining([
      [true, ['443/tcp']],
      [undefined, ['22/tcp']],
    ]),
  );
  expect(found).toHaveLength(2);
});
