import { describe, expect, it } from 'vitest';
import type { RunHighlights } from '../../../../../lib/cli/results/run-result.ts';
import { Highlights } from '../../../../../lib/cli/use/run/highlights.ts';
import type { Assessment } from '../../../../../lib/store/assessment.ts';
import type { ReadAssessment } from '../../../../../lib/store/read-address-items.ts';
import { assessment, failedAssessment, plainAssessment } from '../../../../factories/assessments.ts';
import { connectionRecord } from '../../../../factories/records.ts';

function read(address: string, found: Assessment, direction = 'outbound'): ReadAssessment {
  return {
    id: `${address}/0`,
    address,
    unit: 'unit',
    endpoints: [`443/tcp/${direction}`],
    ingestedAtMs: 0,
    latestMs: 0,
    assessment: found,
    connections: [],
  };
}

function highlightsOf(...assessments: readonly ReadAssessment[]): RunHighlights {
  const highlights = new Highlights();
  for (const found of assessments) highlights.add(found);
  return highlights.result;
}

const addresses = (found: readonly ReadAssessment[]) => found.map(({ address }) => address);

/** Activity of an address from outside. */
function inbound(answered: number, overrides: Partial<Assessment> = {}): Assessment {
  const activity = { connections: 10, hosts: 1, services: 10, answered };
  return plainAssessment({ threat_score: 0.8, evidence: ['activity'], input: { activity }, ...overrides });
}

describe('highlights', () => {
  it('are none of nothing', () => {
    expect(highlightsOf()).toEqual({
      mostUrgent: [],
      mostUncertain: [],
      knocks: { addresses: 0, connections: 0, maliciousAddresses: 0, worst: [] },
    });
  });

  it('are the five worst addresses, the worst first', () => {
    const scores = [0.71, 0.99, 0.83, 0.75, 0.91, 0.95, 0.79];
    const found = scores.map((threat_score) => read(`a${threat_score}`, assessment({ threat_score })));

    const { mostUrgent } = highlightsOf(...found);

    expect(addresses(mostUrgent)).toEqual(['a0.99', 'a0.95', 'a0.91', 'a0.83', 'a0.79']);
  });

  it('show an address once, with its worst verdict', () => {
    const found = [0.8, 0.9, 0.85].map((threat_score) => read('one', assessment({ threat_score })));

    expect(highlightsOf(...found).mostUrgent).toEqual([found[1]]);
  });

  it('put an inside host that calls something bad before a thousand from outside', () => {
    const scans = Array.from({ length: 1_000 }, (_, n) =>
      read(`scan${n}`, inbound(1, { threat_score: 0.84, pattern: 'scan' }), 'inbound'),
    );
    const guesser = read('guesser', inbound(300, { pattern: 'guessing' }), 'inbound');
    const called = read('called', plainAssessment({ threat_score: 0.71 }));

    expect(addresses(highlightsOf(...scans, guesser, called).mostUrgent).slice(0, 3)).toEqual([
      'called',
      'guesser',
      'scan0',
    ]);
  });

  it('sum up what nothing answered, and keep the worst of it apart', () => {
    const connections = [connectionRecord(), connectionRecord({ dst_port: 80 })];
    const knocks = [0.3, 0.82, 0.5].map((threat_score, n) => ({
      ...read(`knock${n}`, inbound(0, { threat_score, high_uncertainty: true }), 'inbound'),
      connections,
    }));

    const { mostUrgent, mostUncertain, knocks: sum } = highlightsOf(...knocks, ...knocks.slice(0, 1));

    expect({ mostUrgent, mostUncertain }).toEqual({ mostUrgent: [], mostUncertain: [] });
    expect(sum).toMatchObject({ addresses: 3, connections: 8, maliciousAddresses: 1 });
    expect(addresses(sum.worst)).toEqual(['knock1', 'knock2', 'knock0']);
  });

  it('call uncertain what is highly so, by how far the votes are apart', () => {
    const { mostUncertain } = highlightsOf(
      read('certain', plainAssessment({ spread: 0.9 })),
      read('near', assessment({ spread: 0.3 })),
      read('far', assessment({ spread: 0.6 })),
      read('near', assessment({ spread: 0.4 })),
      read('failed', failedAssessment()),
    );

    expect(addresses(mostUncertain)).toEqual(['far', 'near']);
    expect(mostUncertain[1]?.assessment).toMatchObject({ spread: 0.4 });
  });
});
