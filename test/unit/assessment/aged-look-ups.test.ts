import { describe, expect, it } from 'vitest';
import { LookUpsOverTime } from '../../../lib/assessment/aged-look-ups.ts';
import { scoreUnit } from '../../../lib/assessment/score-unit.ts';
import type { LookUps } from '../../../lib/intelligence/look-up.ts';
import { createLocality } from '../../../lib/records/locality.ts';
import { scoredInput } from '../../../lib/store/assessment.ts';
import { readAddressItems } from '../../../lib/store/read-address-items.ts';
import { storedList } from '../../factories/lists.ts';
import { queuedMessage, readAlone, scoringOptions } from '../../factories/messages.ts';
import { jsonLines, sensorRecord } from '../../factories/records.ts';

const DAY = 86_400;
const TODAY = 20_000;
const MATCHED: LookUps = {
  listings: {
    outcome: 'found',
    matches: [{ list: storedList('DShield', { weight: 81 }), lastListedDay: TODAY }],
  },
};
const VIRUSTOTAL = { outcome: 'unknown', answered_at: 1 } as const;

describe('LookUpsOverTime', () => {
  it('has one form for all connections of the same age', () => {
    const lookUps = new LookUpsOverTime({ ...MATCHED, virustotal: VIRUSTOTAL });

    const [first, second, older] = [0, 6.9, 7].map((days) => lookUps.at((TODAY + days) * DAY));

    expect(second).toBe(first);
    expect(first).toEqual({
      key: '0',
      lookUps: {
        virustotal: VIRUSTOTAL,
        listings: { outcome: 'found', intel: [{ source: 'DShield', kind: 'malicious', weight: 81 }] },
      },
      intel: { listings: [{ source: 'DShield', kind: 'malicious', weight: 81 }] },
    });
    expect(older?.intel).toEqual({
      listings: [{ source: 'DShield', kind: 'malicious', weight: 9, unlisted_days: 7 }],
    });
  });

  it('leaves a list out for connections so late that it counts no more', () => {
    expect(new LookUpsOverTime(MATCHED).at((TODAY + 21) * DAY)).toEqual({ key: '-' });
    expect(new LookUpsOverTime({ ...MATCHED, virustotal: VIRUSTOTAL }).at((TODAY + 21) * DAY)).toEqual({
      key: '-',
      lookUps: { virustotal: VIRUSTOTAL },
    });
  });

  it('is the same at all times where no list names the address', () => {
    const lookUps = { virustotal: VIRUSTOTAL };

    expect(new LookUpsOverTime(lookUps).at(0)).toEqual({ key: '', lookUps });
    expect(new LookUpsOverTime(undefined).at(0)).toEqual({ key: '' });
  });
});

describe('scoreUnit with lists', () => {
  const isLocal = createLocality([]);

  function assessed(...records: readonly object[]) {
    const bare = records.map((fields) => {
      const { threat_intel: _, geo_data: __, ...record } = sensorRecord();
      return { ...record, local_orig: true, local_resp: false, dst_ip: '8.8.8.8', ...fields };
    });
    const unit = readAlone(queuedMessage({ body: jsonLines(bare) }), isLocal);
    const { items } = scoreUnit(unit, scoringOptions({ isLocal }), () => MATCHED);
    return readAddressItems(items).map(({ id, assessment, connections }) => ({
      id,
      assessment,
      connections,
    }));
  }

  it('stores the weight that a list has at the connection, so that it can be scored again', () => {
    const days = [0, 1, 7, 21].map((later) => ({ timestamp: (TODAY + later) * DAY, id: `C${later}` }));

    const read = assessed(...days);

    const weights = read.map(({ assessment, connections }) => ({
      weight: scoredInput(assessment).threat_intel?.listings?.[0]?.weight,
      evidence: assessment.evidence,
      connections: connections.length,
    }));
    expect(weights.sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0))).toEqual([
      { weight: 81, evidence: ['listings'], connections: 2 },
      { weight: 9, evidence: ['listings'], connections: 1 },
      { weight: undefined, evidence: [], connections: 1 },
    ]);
    expect(JSON.stringify(read)).not.toContain('matches');
    expect(read.map(({ id }) => id.split('/').slice(5).join('/')).sort()).toEqual(['', 'on1', 'on1-7']);
  });

  it('leaves alone what a record brings along', () => {
    const listings = [{ source: 'own list', kind: 'suspicious', weight: 12 }];

    const [read] = assessed({ timestamp: TODAY * DAY, threat_intel: { listings } });

    expect(read?.assessment.input.threat_intel).toEqual({ listings });
    expect(read?.assessment).not.toHaveProperty('lookups');
    expect(read?.assessment.evidence).toEqual(['listings']);
  });

  it('weighs its own lists beside what a record counts', () => {
    const blocklist = { lists: 1, total_lists: 3 };

    const [read] = assessed({ timestamp: TODAY * DAY, threat_intel: { blocklist } });

    expect(read?.assessment.input.threat_intel).toEqual({ blocklist });
    expect(scoredInput(read?.assessment ?? { input: {} }).threat_intel).toEqual({
      blocklist,
      listings: [{ source: 'DShield', kind: 'malicious', weight: 81 }],
    });
  });
});
