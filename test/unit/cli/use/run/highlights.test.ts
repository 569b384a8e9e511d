import { describe, expect, it } from 'vitest';
import { Highlights } from '../../../../../lib/cli/use/run/highlights.ts';
import type { Assessment } from '../../../../../lib/store/assessment.ts';
import type { ReadAssessment } from '../../../../../lib/store/read-address-items.ts';
import { assessment, failedAssessment, plainAssessment } from '../../../../factories/assessments.ts';

function read(address: string, found: Assessment): ReadAssessment {
  return {
    id: `${address}/0`,
    address,
    unit: 'unit',
    endpoints: [],
    ingestedAtMs: 0,
    latestMs: 0,
    assessment: found,
    connections: [],
  };
}

function highlightsOf(...assessments: readonly ReadAssessment[]): Highlights {
  const highlights = new Highlights();
  for (const found of assessments) highlights.add(found);
  return highlights;
}

const addresses = (found: readonly ReadAssessment[]) => found.map(({ address }) => address);

describe('highlights', () => {
  it('are none of nothing', () => {
    const { mostSuspicious, mostUncertain } = highlightsOf();

    expect({ mostSuspicious, mostUncertain }).toEqual({ mostSuspicious: [], mostUncertain: [] });
  });

  it('are the five worst addresses, the worst first', () => {
    const scores = [0.71, 0.99, 0.83, 0.75, 0.91, 0.95, 0.79];
    const found = scores.map((threat_score) => read(`a${threat_score}`, assessment({ threat_score })));

    const { mostSuspicious } = highlightsOf(...found);

    expect(addresses(mostSuspicious)).toEqual(['a0.99', 'a0.95', 'a0.91', 'a0.83', 'a0.79']);
  });

  it('show an address once, with its worst verdict', () => {
    const found = [0.8, 0.9, 0.85].map((threat_score) => read('one', assessment({ threat_score })));

    expect(highlightsOf(...found).mostSuspicious).toEqual([found[1]]);
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
