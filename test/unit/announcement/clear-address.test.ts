import { describe, expect, it } from 'vitest';
import { readAnnouncement } from '../../../lib/announcement/announcement.ts';
import { clearAddress, withdrawClearance } from '../../../lib/announcement/clear-address.ts';
import { type Decided, readDecided, writeDecided } from '../../../lib/announcement/decided.ts';
import { describeCleared } from '../../../lib/announcement/describe-cleared.ts';
import type { ReadAssessment } from '../../../lib/store/read-address-items.ts';
import { plainAssessment } from '../../factories/assessments.ts';

const ADDRESS = '203.0.113.9';
const FINDING = `${ADDRESS}/2026-11-27/outbound`;
const told = (atMs: number, changes: object = {}) => ({
  atMs,
  score: 0.9,
  direction: 'outbound' as const,
  finding: FINDING,
  ...changes,
});
const known = (decided: Decided) => ({
  subject: ADDRESS,
  decided: writeDecided(decided),
  pending: [{ uid: 'before', decidedAtMs: 1, text: '{}' }],
  expiresAt: 2_000_000_000,
  revision: 4,
});
const connection = {
  timestamp: 1_790_000_000.5,
  src_ip: '10.0.0.7',
  dst_ip: ADDRESS,
  dst_port: 8443,
  protocol: 'tcp',
};
const read: ReadAssessment = {
  id: `${ADDRESS}/ABCDEFGHIJKLMNOPQRSTUV/8443/tcp/outbound`,
  address: ADDRESS,
  unit: 'ABCDEFGHIJKLMNOPQRSTUV',
  endpoints: ['8443/tcp/outbound'],
  ingestedAtMs: 1_790_000_060_000,
  latestMs: 1_790_000_009_000,
  assessment: plainAssessment({ threat_score: 0.85 }),
  connections: [connection, { ...connection, timestamp: 1_790_000_009, src_ip: '10.0.0.6' }],
};
const clearance = (labelledAtMs: number) => ({
  address: ADDRESS,
  labelledAtMs,
  described: describeCleared(read),
});

describe('a label that clears an address', () => {
  it('is announced about the finding that was, behind what waits already', () => {
    const cleared = clearAddress(known({ 'new-malicious': told(100) }), clearance(500));

    expect(cleared).toMatchObject({ subject: ADDRESS, revision: 4 });
    expect(cleared?.pending.map(({ uid }) => uid)).toEqual(['before', `${FINDING}/cleared/500`]);
    expect(readDecided(cleared?.decided ?? '').cleared).toEqual(told(500));
    expect(readAnnouncement(cleared?.pending[1]?.text ?? '')).toMatchObject({
      kind: 'cleared',
      finding: FINDING,
      address: ADDRESS,
      direction: 'outbound',
      score: 0.85,
      previousScore: 0.9,
      observedAtMs: 500,
      localHosts: ['10.0.0.6', '10.0.0.7'],
      localHostCount: 2,
      services: [{ port: 8443, protocol: 'tcp' }],
      connections: 2,
      firstSeenMs: 1_790_000_000_500,
      lastSeenMs: 1_790_000_009_000,
      assessment: read.id,
    });
  });

  it.each([
    ['nothing was announced', {}],
    ['what was announced was silent', { 'new-malicious': told(100, { isSilent: true }) }],
    ['it was cleared since', { 'new-malicious': told(100), cleared: told(200) }],
  ])('is not announced where %s', (_, decided) => {
    expect(clearAddress(known(decided as Decided), clearance(500))).toBeUndefined();
  });

  it('is announced again where the address was announced again', () => {
    const decided = { 'new-malicious': told(100), cleared: told(200), worse: told(300, { score: 0.95 }) };

    const text = clearAddress(known(decided), clearance(500))?.pending.at(-1)?.text ?? '';

    expect(readAnnouncement(text)).toMatchObject({ previousScore: 0.95 });
  });

  it('is taken back by one that accuses it, and by no other', () => {
    const decided = { 'new-malicious': told(100), cleared: told(200) };

    expect(withdrawClearance(known({ 'new-malicious': told(100) }))).toBeUndefined();
    expect(withdrawClearance(known(decided))).toEqual(known({ 'new-malicious': told(100) }));
  });
});
