import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumUpFindings } from '../../../lib/announcement/address-findings.ts';
import { finding } from '../../factories/findings.ts';
import { SEEN_AT_MS } from '../../factories/sightings.ts';

const DAY_MS = 86_400_000;
const today = finding({ localHosts: ['10.0.0.7'], announced: ['new-malicious'] });
const yesterday = finding({
  day: '2026-11-26',
  ingestedAtMs: SEEN_AT_MS - DAY_MS,
  firstSeenMs: SEEN_AT_MS - DAY_MS,
  lastSeenMs: SEEN_AT_MS - DAY_MS,
  localHosts: ['10.0.0.8', '10.0.0.7'],
  services: [{ port: 22, protocol: 'tcp' }],
  reasons: ['uncertain'],
  score: 0.6,
});
const guessing = finding({
  direction: 'inbound',
  pattern: 'guessing',
  score: 0.99,
  localHosts: ['10.0.0.1'],
});

describe('the findings of an address', () => {
  it('are led by the most urgent, however high others score', () => {
    expect(sumUpFindings([guessing, today]).worst).toBe(today);
    expect(sumUpFindings([guessing, yesterday]).worst).toBe(guessing);
  });

  it('name the hosts and services of its direction, and the reasons and times of all', () => {
    expect(sumUpFindings([guessing, yesterday, today])).toEqual({
      address: '203.0.113.9',
      worst: today,
      reasons: ['malicious', 'uncertain'],
      localHosts: ['10.0.0.8', '10.0.0.7'],
      services: [
        { port: 22, protocol: 'tcp' },
        { port: 8443, protocol: 'tcp' },
      ],
      firstSeenMs: SEEN_AT_MS - DAY_MS,
      lastSeenMs: SEEN_AT_MS - 1_000,
      announced: ['new-malicious'],
    });
  });

  it('are led by the same one in whatever order they are read', () => {
    const all = [guessing, yesterday, today];
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: 3 }), (shuffled) => {
        expect(sumUpFindings(shuffled).worst).toBe(today);
      }),
      { seed: 21 },
    );
  });

  it('are some', () => expect(() => sumUpFindings([])).toThrow(RangeError));
});
