import { describe, expect, it } from 'vitest';
import { isSettledBy, labelOfFinding } from '../../../lib/announcement/labelled-finding.ts';
import { finding } from '../../factories/findings.ts';
import { SEEN_AT_MS } from '../../factories/sightings.ts';
import { label } from '../../factories/summaries.ts';

const UNIT = '203.0.113.9/ABCDEFGHIJKLMNOPQRSTUV';
const one = finding();
const two = finding({
  services: [
    { port: 8443, protocol: 'tcp' },
    { port: 53, protocol: 'udp' },
  ],
});

describe('the label of a finding', () => {
  it.each([
    ['of the address', one, { isOfAddress: true, assessment: `${UNIT}/22/tcp/inbound` }, true],
    ['of the address, of several services', two, { isOfAddress: true }, true],
    ['of its only service', one, { assessment: `${UNIT}/8443/tcp/outbound` }, true],
    ['of its only service, with context', one, { assessment: `${UNIT}/8443/tcp/outbound/abcdefgh/3d` }, true],
    ['of one of its services', two, { assessment: `${UNIT}/8443/tcp/outbound` }, false],
    ['of another port', one, { assessment: `${UNIT}/443/tcp/outbound` }, false],
    ['of another protocol', one, { assessment: `${UNIT}/8443/udp/outbound` }, false],
    ['of another direction', one, { assessment: `${UNIT}/8443/tcp/inbound` }, false],
    ['of no assessment that can be read', one, { assessment: 'nothing' }, false],
  ])('%s', (_, found, changes, speaks) => {
    const given = label(changes);

    expect(labelOfFinding(found, [given])).toBe(speaks ? given : undefined);
  });

  it('is the newest, in whatever order they come', () => {
    const earlier = label({ isOfAddress: true, label: 'benign', labelledAtMs: 1 });
    const later = label({ isOfAddress: true, label: 'malicious', labelledAtMs: 2 });

    expect(labelOfFinding(one, [earlier, later])).toBe(later);
    expect(labelOfFinding(one, [later, earlier])).toBe(later);
  });
});

describe('a finding is settled', () => {
  const HOUR_MS = 3_600_000;
  it.each([
    ['by a benign label, whatever is seen later', 'benign', 0.8, SEEN_AT_MS - HOUR_MS, true],
    ['not by a benign one where the score has got worse by 0.1', 'benign', 0.7, SEEN_AT_MS, false],
    ['by a benign one where it has got worse by less', 'benign', 0.71, SEEN_AT_MS, true],
    ['by a malicious one until there is news', 'malicious', 0.8, SEEN_AT_MS, true],
    ['not by a malicious one that is older than its news', 'malicious', 0.8, SEEN_AT_MS - 1, false],
  ] as const)('%s', (_, truth, threat_score, labelledAtMs, expected) => {
    const given = label({ label: truth, labelledAtMs, snapshot: { threat_score } });

    expect(isSettledBy(given, finding({ score: 0.8 }))).toBe(expected);
  });
});
