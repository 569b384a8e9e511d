import { describe, expect, it } from 'vitest';
import { evidenceLines } from '../../../../lib/cli/output/assessments/evidence-lines.ts';
import type { AssessedInput } from '../../../../lib/store/assessment.ts';
import type { ReadAssessment } from '../../../../lib/store/read-address-items.ts';
import { plainAssessment } from '../../../factories/assessments.ts';

function linesOf(input: AssessedInput, direction: 'inbound' | 'outbound', pattern?: 'scan' | 'beacon') {
  const assessment = plainAssessment({ input, ...(pattern !== undefined && { pattern }) });
  return evidenceLines({ assessment, endpoints: [`22/tcp/${direction}`] } as unknown as ReadAssessment);
}

describe('what an assessment rests on', () => {
  it('is named by each source that knows the address', () => {
    const threat_intel = {
      virustotal: { malicious_vendors: 60, total_vendors: 94 },
      abuseipdb: { confidence_score: 100, total_reports: 1 },
      listings: [{ source: 'spamhaus-drop', kind: 'malicious', weight: 100 }],
      blocklist: { lists: 2, total_lists: 20 },
    } as const;

    expect(linesOf({ threat_intel }, 'inbound')).toEqual([
      'known: VirusTotal, 60 of 94 vendors flag it; AbuseIPDB, 100 % from 1 report; ' +
        'listed by spamhaus-drop (malicious); on 2 of 20 blocklists',
    ]);
  });

  it.each([
    [
      { connections: 500, hosts: 1, services: 300, answered: 0 },
      'inbound',
      'scan',
      'seen: scan; 500+ connections from outside to 300+ services of 1 host, none answered',
    ],
    [
      { connections: 200, hosts: 1, services: 1, answered: 200, interval_seconds: 60, jitter_percent: 5 },
      'outbound',
      'beacon',
      'seen: beacon; 200+ connections from 1 host to 1 port, answered, every 60 s give or take 5 %',
    ],
    [
      { connections: 30, hosts: 2, services: 2, answered: 10, guesses: 20, uploaded_bytes: 2e8 },
      'inbound',
      undefined,
      'seen: 30+ connections from outside to 2 services of 2 hosts, 10+ answered, 20+ short logins, 200+ MB sent out',
    ],
  ] as const)('is named by what the connections show: %j', (activity, direction, pattern, line) => {
    expect(linesOf({ activity }, direction, pattern)).toEqual([line]);
  });

  it('is named by the rules that fired, in characters that a terminal shows as they are', () => {
    const detections = [
      { signature: 'ET MALWARE \u001b[31mCheckin', signature_id: 7, severity: 1 },
      { signature: 'ET INFO odd', severity: 3, forgeable: true },
    ] as const;

    const [line = ''] = linesOf({ detections }, 'outbound');
    expect(line).not.toContain('\u001b');
    expect(line).toMatch(/^alerts: ET MALWARE .*Checkin \(severity 1\); ET INFO odd \(severity 3\)$/);
  });

  it('is nothing where nothing is known', () => {
    expect(linesOf({ threat_intel: {} }, 'inbound')).toEqual([]);
  });
});
