import { describe, expect, it } from 'vitest';
import { siteHosts } from '../../../../../lib/announcement/site-hosts.ts';
import { updateFinding } from '../../../../../lib/announcement/update-finding.ts';
import { estimateCosts } from '../../../../../lib/cli/use/report/estimate-costs.ts';
import { hostsAtRisk } from '../../../../../lib/cli/use/report/hosts-at-risk.ts';
import { sumFindings } from '../../../../../lib/cli/use/report/sum-findings.ts';
import { TrafficWindow } from '../../../../../lib/cli/use/report/traffic-window.ts';
import { recordCosts } from '../../../../../lib/cli/use/scale/traffic.ts';
import { Allowlist } from '../../../../../lib/intelligence/allowlist/allowlist.ts';
import type { Finding } from '../../../../../lib/store/finding.ts';
import { HOUR_MS, knock, SEEN_AT_MS, sighting } from '../../../../factories/sightings.ts';
import { parallelEntry } from '../../../../factories/summaries.ts';

const DAY_MS = 24 * HOUR_MS;

function found(...sightings: Parameters<typeof sighting>): Finding {
  return written(sighting(...sightings));
}

function written(seen: ReturnType<typeof sighting>): Finding {
  const finding = updateFinding(undefined, [seen]);
  if (finding === undefined) throw new Error('nothing that needs a human');
  return finding;
}

function summed(findings: readonly Finding[], before: readonly Finding[] = []) {
  return sumFindings(findings, before, Allowlist.NONE, SEEN_AT_MS);
}

describe('findings of several days', () => {
  it('are one entry an address and direction, with the worst score and every host', () => {
    const earlier = found({ score: 0.95, hosts: ['10.0.0.9'], ingestedAtMs: SEEN_AT_MS - DAY_MS });
    const { concerning } = summed([found(), earlier, found({ direction: 'inbound' })]);

    expect(concerning).toMatchObject([
      {
        direction: 'outbound',
        urgency: 'calling',
        score: 0.95,
        localHosts: ['10.0.0.7', '10.0.0.9'],
        firstSeenMs: SEEN_AT_MS - DAY_MS - 60_000,
        lastSeenMs: SEEN_AT_MS - 1_000,
      },
      { direction: 'inbound', urgency: 'answered' },
    ]);
  });

  it('are new where nothing malicious was found in the period before', () => {
    const uncertain: Finding = { ...found(), reasons: ['uncertain'] };
    const isNew = (before: readonly Finding[]) => summed([found()], before).concerning[0]?.isNew;

    expect([isNew([]), isNew([uncertain]), isNew([found()])]).toEqual([true, true, false]);
  });

  it('leave out what nothing answered, and what the allowlist covers now', () => {
    const entry = { id: 'one', network: '203.0.113.9/32', reason: 'ours', owner: 'soc', addedAtMs: 0 };
    const allowlist = new Allowlist([entry]);
    const knocking = written(knock({ address: '198.51.100.4' }));

    expect(sumFindings([found(), knocking], [], allowlist, SEEN_AT_MS)).toEqual({
      concerning: [],
      knocking: 1,
      allowed: 1,
    });
  });
});

describe('hosts at risk', () => {
  it('are those that something malicious has to do with and those that try many, in the order of all hosts', () => {
    const { concerning } = summed([
      found({ hosts: ['10.0.0.7', '10.0.0.8'] }),
      found({ address: '203.0.113.10', hosts: ['10.0.0.8'], score: 0.75 }),
      found({ address: '203.0.113.11', direction: 'inbound', hosts: ['10.0.0.2'] }),
      { ...found({ address: '203.0.113.12', hosts: ['10.0.0.1'] }), reasons: ['uncertain'] },
    ]);
    const fanOut = {
      host: '10.0.0.3',
      pattern: 'sweep',
      connections: 40,
      unanswered: 39,
      addresses: 40,
      ports: 1,
      port: 445,
      protocol: 'tcp',
    } as const;

    expect(hostsAtRisk(siteHosts(concerning, [fanOut]))).toEqual([
      {
        host: '10.0.0.8',
        calls: [
          { address: '203.0.113.9', score: 0.8, urgency: 'calling' },
          { address: '203.0.113.10', score: 0.75, urgency: 'calling' },
        ],
        reached_by: [],
        fan_out: null,
      },
      expect.objectContaining({ host: '10.0.0.7' }),
      { host: '10.0.0.3', calls: [], reached_by: [], fan_out: fanOut },
      {
        host: '10.0.0.2',
        calls: [],
        reached_by: [{ address: '203.0.113.11', score: 0.8, urgency: 'answered' }],
        fan_out: null,
      },
    ]);
  });
});

describe('traffic', () => {
  it('adds up over time to what it is in all, with what arrived by a clock that is ahead', () => {
    const range = { fromMs: SEEN_AT_MS - DAY_MS, toMs: SEEN_AT_MS, nowMs: SEEN_AT_MS };
    const window = new TrafficWindow(range);
    for (const [index, at] of [range.fromMs, SEEN_AT_MS - HOUR_MS, SEEN_AT_MS + 3 * HOUR_MS].entries())
      window.add(parallelEntry(`m${index}`, at, [[0.2, 0.9]], { records: 10, stored: 7, rejected: 3 }));

    expect(window.figures).toMatchObject({
      messages: 3,
      records: 30,
      stored: 21,
      rejected: 9,
      assessments: 3,
    });
    for (const field of ['messages', 'records', 'stored', 'rejected', 'assessments'] as const)
      expect(window.overTime.reduce((sum, step) => sum + step[field], 0)).toBe(window.figures[field]);
  });
});

describe('costs', () => {
  const COUNTS = {
    records: 2_000_000,
    assessments: 80_000,
    lookups: { virustotal: { found: 700, no_quota: 70 } },
  };

  it('lie between those of packed and of single records, with look-ups a day', () => {
    const { packed_usd, single_usd, lookups_a_day } = estimateCosts(COUNTS, 7 * 86_400);

    const measured = recordCosts({
      rate: 3,
      addressShare: 0.04,
      hotShare: 0,
      isSingle: false,
      newAddressesPerDay: 0,
    });
    expect(packed_usd).toBeCloseTo(2 * measured.usdPerMillion, 5);
    expect(single_usd).toBeGreaterThan(packed_usd);
    expect(lookups_a_day).toEqual([
      { provider: 'virustotal', answered: 100, without_quota: 10, free_plan: 500 },
    ]);
  });

  it('are nothing where nothing came', () => {
    expect(estimateCosts({ records: 0, assessments: 0, lookups: {} }, 86_400)).toEqual({
      packed_usd: 0,
      single_usd: 0,
      lookups_a_day: [],
    });
  });
});
