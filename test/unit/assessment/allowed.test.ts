import { describe, expect, it } from 'vitest';
import type { AllowedBy } from '../../../lib/assessment/score-address.ts';
import { allowEntryId } from '../../../lib/intelligence/allowlist/allow-target.ts';
import { Allowlist, allowedBy } from '../../../lib/intelligence/allowlist/allowlist.ts';
import { lookUpSubjects } from '../../../lib/intelligence/look-up-subjects.ts';
import { sumStatistics } from '../../../lib/statistics/unit-tally.ts';
import { readAddressItems } from '../../../lib/store/read-address-items.ts';
import {
  queuedMessage,
  readAlone,
  SENT_AT_MS,
  scoreMessage,
  scoringOptions,
} from '../../factories/messages.ts';
import { jsonLines, sensorRecord } from '../../factories/records.ts';

const ACCUSED = { virustotal: { malicious_vendors: 60, total_vendors: 94 } };
const SCANNER = '8.8.4.4';
const call = (dst_ip: string, dst_port = 443, threat_intel: object | null = ACCUSED) =>
  sensorRecord({ dst_ip, dst_port, local_orig: true, local_resp: false, threat_intel });

const ENTRY = {
  network: `${SCANNER}/32`,
  port: 443,
  reason: 'ours',
  owner: 'somebody',
  addedAtMs: SENT_AT_MS,
} as const;
const ID = allowEntryId(ENTRY);
const allowing = allowedBy(new Allowlist([{ ...ENTRY, id: ID }]), SENT_AT_MS) as AllowedBy;

const message = (...records: object[]) => queuedMessage({ body: jsonLines(records) });

describe('an endpoint on the allowlist', () => {
  const scored = scoreMessage(
    message(call(SCANNER), call(SCANNER, 22), call('8.8.8.8')),
    scoringOptions({ allowedBy: allowing }),
  );
  const assessments = readAddressItems([...scored.items]).map(({ address, assessment }) => ({
    address,
    allowed: assessment.allowed,
    score: assessment.threat_score,
  }));

  it('keeps its score and is stored, with the entry that allows it; other ports of the address are not allowed', () => {
    const plain = scoreMessage(message(call(SCANNER)), scoringOptions());
    const [unallowed] = readAddressItems([...plain.items]);

    expect(assessments.filter(({ allowed }) => allowed === ID)).toEqual([
      { address: SCANNER, allowed: ID, score: unallowed?.assessment.threat_score },
    ]);
    expect(assessments).toHaveLength(3);
  });

  it('is counted apart, and in no other figure of the assessments', () => {
    expect(scored.statistics).toMatchObject({
      records: 3,
      stored: 3,
      assessments: 2,
      allowed: 1,
      malicious: 2,
    });
    expect(scored.statistics.scorers.ml_based?.votes).toBe(2);
    expect(sumStatistics([scored.statistics, scored.statistics]).allowed).toBe(2);
  });
});

it('nothing is counted apart where nothing is allowed', () => {
  const { statistics } = scoreMessage(message(call(SCANNER)), scoringOptions());

  expect(statistics).not.toHaveProperty('allowed');
  expect(allowedBy(Allowlist.NONE, SENT_AT_MS)).toBeUndefined();
});

describe('looking an address up', () => {
  const options = { isLocal: () => false, withDocumentation: false };
  const isAllowed = (endpoint: Parameters<AllowedBy>[0]) => allowing(endpoint) !== undefined;
  const sourcesOf = (...records: object[]) => {
    const { isLocal } = scoringOptions();
    const [subject] = lookUpSubjects(readAlone(message(...records), isLocal), { ...options, isAllowed });
    return [...(subject?.sources ?? [])];
  };

  it('spends no quota of a provider on one that is allowed throughout', () => {
    const sources = sourcesOf(call(SCANNER, 443, null));

    expect(sources).not.toContain('virustotal');
    expect(sources).not.toContain('abuseipdb');
    expect(sources).not.toEqual([]);
  });

  it('asks about one of which some connections are not allowed', () => {
    expect(sourcesOf(call(SCANNER, 443, null), call(SCANNER, 22, null))).toContain('virustotal');
  });
});
