import { describe, expect, it } from 'vitest';
import { createConsensus } from '../../../../lib/consensus/consensus.ts';
import { activeAddresses } from '../../../../lib/evaluation/activity/active-address.ts';
import { formatActivity } from '../../../../lib/evaluation/activity/format-activity.ts';
import type { LabelledLog } from '../../../../lib/evaluation/activity/labelled-log.ts';
import { measureActivity } from '../../../../lib/evaluation/activity/measure-activity.ts';
import { UNIT_SCHEMES } from '../../../../lib/evaluation/activity/units.ts';
import { createLocality } from '../../../../lib/records/locality.ts';
import { BENIGN } from '../../../fixtures/activity/benign.ts';
import { MALICIOUS } from '../../../fixtures/activity/malicious.ts';
import { Site } from '../../../fixtures/activity/site.ts';

const isLocal = createLocality([]);
const consensus = createConsensus();

function logOf(seed: number, ...kinds: ReadonlyArray<typeof BENIGN>): LabelledLog {
  const site = new Site(seed);
  const connections = kinds
    .flatMap((kind) => Object.values(kind).flatMap((traffic) => traffic(site)))
    .sort((a, b) => a.record.timestamp - b.record.timestamp);
  return { name: `site ${seed}`, sha256: '', connections };
}

describe('activity on made-up sites', () => {
  const scheme = UNIT_SCHEMES.find(({ name }) => name === 'packed by push') ?? UNIT_SCHEMES[0];

  it('finds attackers and leaves visitors alone, packed as push packs', () => {
    if (scheme === undefined) throw new TypeError('there is no scheme');
    const figures = measureActivity([logOf(7, BENIGN, MALICIOUS)], scheme, consensus, isLocal);

    expect(figures.recallOfThree.value).toBeGreaterThan(0.9);
    expect(figures.benignConnections.value).toBeLessThan(0.002);
    expect(figures.benignAddresses.value).toBeLessThan(0.005);
    expect(figures.auc.value).toBeGreaterThan(0.97);
    expect(figures.uncertain.value).toBeLessThan(0.15);
    expect(figures.loneKnock[1]).toBeLessThan(0.6);
    expect(formatActivity([figures])).toMatch(/^units .*\npacked by push/);
  });

  it('says nothing about visitors whose answers the sensor does not see', () => {
    const oneSided = logOf(8, { webVisitors: BENIGN.webVisitors as (typeof BENIGN)[string] }).connections.map(
      ({ record, isMalicious }) => ({
        record: { ...record, bytes_in: 0, state: 'unanswered' as const },
        isMalicious,
      }),
    );
    const scores = activeAddresses(oneSided, isLocal).flatMap(({ inputs }) =>
      inputs.map(({ input }) => consensus.assess(input)),
    );

    for (const verdict of scores) expect(verdict.evidence).toEqual([]);
  });
});
