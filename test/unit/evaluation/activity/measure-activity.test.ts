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
import { SITES } from '../../../fixtures/activity/sites.ts';

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
    expect(figures.errorCorrelations).toHaveLength(3);
    for (const { correlation } of figures.errorCorrelations) {
      expect(correlation.all).toBeGreaterThan(0);
      expect(correlation.all).toBeLessThanOrEqual(1);
    }
    expect(formatActivity([figures])).toMatch(
      /^units .*\npacked by push .*\n\nCorrelation of errors .*\n {2}statistical and rule_based: [01]\.\d\d, /,
    );
  });

  /** Known limits: a trojan whose calls vary widely, and clients of a server that moved. */
  it.each([
    ['campus', { recall: 0.95, benignConnections: 0.004 }],
    ['clinic', { recall: 0.8, benignConnections: 0.002 }],
    ['cloud', { recall: 0.98, benignConnections: 0.002 }],
  ])('holds on a site that nothing was fitted on: %s', (name, { recall, benignConnections }) => {
    const connections = (SITES[name]?.(new Site(7, 40_000)) ?? []).sort(
      (a, b) => a.record.timestamp - b.record.timestamp,
    );
    if (scheme === undefined) throw new TypeError('there is no scheme');
    const figures = measureActivity([{ name, sha256: '', connections }], scheme, consensus, isLocal);

    expect(figures.recallOfThree.value).toBeGreaterThan(recall);
    expect(figures.benignConnections.value).toBeLessThan(benignConnections);
    expect(figures.benignAddresses.value).toBeLessThan(0.008);
    expect(figures.loneKnock[1]).toBeLessThan(0.6);
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
