import { describe, expect, it } from 'vitest';
import { updateFinding } from '../../../lib/announcement/update-finding.ts';
import type { Finding } from '../../../lib/store/finding.ts';
import { HOUR_MS, knock, SEEN_AT_MS, sighting } from '../../factories/sightings.ts';

type Shape = Parameters<typeof sighting>[0];

function found(shape: Shape = {}): Finding {
  const finding = updateFinding(undefined, [sighting(shape)]);
  if (finding === undefined) throw new Error('nothing that needs a human');
  return finding;
}

describe('a finding', () => {
  it('says of a first sighting what is known', () => {
    expect(found({ hosts: ['10.0.0.9', '10.0.0.7'], ports: [8443, 443] })).toMatchObject({
      address: '203.0.113.9',
      day: '2026-11-27',
      direction: 'outbound',
      score: 0.8,
      reasons: ['malicious'],
      connections: 12,
      answered: 11,
      localHosts: ['10.0.0.7', '10.0.0.9'],
      services: [
        { port: 443, protocol: 'tcp' },
        { port: 8443, protocol: 'tcp' },
      ],
      announced: [],
      revision: 0,
    });
  });

  it('does not say what was answered where the sensor does not', () => {
    expect(found({ tellsAnswers: false, answered: 0 })).not.toHaveProperty('answered');
  });

  it('is none where nobody has to look', () => {
    expect(updateFinding(undefined, [sighting({ score: 0.3 })])).toBeUndefined();
    expect(updateFinding(found(), [sighting({ score: 0.3 })])).toBeUndefined();
  });

  it.each<[string, Shape, boolean]>([
    ['the same again', {}, false],
    ['a score that is hardly worse', { score: 0.89 }, false],
    ['a score that is worse by 0.1', { score: 0.9 }, true],
    ['a better score', { score: 0.71 }, false],
    ['another host that calls it', { hosts: ['10.0.0.8'] }, true],
    ['another service', { ports: [22] }, false],
    ['another reason', { reasons: ['malicious', 'uncertain'] }, true],
  ])('has news by %s: %j', (_, shape, hasNews) => {
    expect(updateFinding(found(), [sighting(shape)]) !== undefined).toBe(hasNews);
  });

  it('has news by the first answer, and by no other host, where it comes from outside', () => {
    const [finding] = [updateFinding(undefined, [knock()])];
    const again = (shape: Shape) => updateFinding(finding, [sighting({ direction: 'inbound', ...shape })]);

    expect(again({ answered: 1 })).toMatchObject({ answered: 1 });
    expect(again({ answered: 0, hosts: ['10.0.0.8'] })).toBeUndefined();
  });

  it('says all that is known once it is written, and keeps what was announced', () => {
    const known: Finding = { ...found(), announced: ['new-malicious'], revision: 3 };
    const later = { ingestedAtMs: SEEN_AT_MS + HOUR_MS, lastSeenMs: SEEN_AT_MS + HOUR_MS };

    const finding = updateFinding(known, [
      sighting({ score: 0.95, ports: [22], ...later }),
      sighting({ score: 0.75, hosts: ['10.0.0.8'], connections: 40 }),
    ]);

    expect(finding).toMatchObject({
      score: 0.95,
      assessment: '203.0.113.9/ABCDEFGHIJKLMNOPQRSTUV/22/tcp/outbound',
      localHosts: ['10.0.0.7', '10.0.0.8'],
      services: [
        { port: 8443, protocol: 'tcp' },
        { port: 22, protocol: 'tcp' },
      ],
      connections: 40,
      firstSeenMs: SEEN_AT_MS - 60_000,
      lastSeenMs: SEEN_AT_MS + HOUR_MS,
      ingestedAtMs: SEEN_AT_MS + HOUR_MS,
      announced: ['new-malicious'],
      revision: 3,
    });
  });

  it('names twenty hosts and ten services, and no further host is news', () => {
    const hosts = Array.from({ length: 25 }, (_, n) => `10.0.1.${n}`);
    const ports = Array.from({ length: 15 }, (_, n) => 1_000 + n);
    const finding = found({ hosts, ports });

    expect(finding.localHosts).toHaveLength(20);
    expect(finding.services.map(({ port }) => port)).toEqual(ports.slice(0, 10));
    expect(updateFinding(finding, [sighting({ hosts: ['10.9.9.9'] })])).toBeUndefined();
  });
});
