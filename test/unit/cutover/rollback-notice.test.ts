import { describe, expect, it } from 'vitest';
import { type RollbackReport, rollbackNotice } from '../../../lib/cutover/rollback-notice.ts';

const RAISED = { name: 'service-rollback', atMs: Date.UTC(2026, 6, 22), causes: ['service-failures'] };
const NAME = '/threat-consensus/prod/settings';
const CANARY = { source: 'operator', version: 8, cutover: 'parallel 25 %', usesConsensus: true } as const;
const LEGACY = { source: 'operator', version: 8, cutover: 'legacy', usesConsensus: false } as const;
const WRITTEN = { version: 8, description: 'rolled back from consensus' } as const;

const notice = (report: Pick<RollbackReport, 'outcome'> & Partial<RollbackReport>) =>
  rollbackNotice({
    service: 'threat-consensus-prod',
    parameter: NAME,
    raised: RAISED,
    isOn: true,
    ...report,
  });

describe('rollbackNotice', () => {
  it.each([RAISED, undefined])('says what was done, why, and how to go on, after %j', (raised) => {
    const sent = notice({ raised, outcome: { ...LEGACY, status: 'rolled_back', written: WRITTEN } });

    expect(sent).toEqual({
      subject: 'threat-consensus-prod: rolled back to the legacy score',
      message: [
        `${NAME} was set to mode legacy (version 8): rolled back from consensus.`,
        'The legacy score is used for all addresses within 36 seconds. Stored assessments are kept.',
        'To go forward again: fix the cause, wait until the alarm is OK, then `threat-consensus cutover set parallel`.',
      ].join('\n'),
    });
  });

  it('says where something else is in force by now', () => {
    const written = { ...WRITTEN, version: 7 };
    const sent = notice({ outcome: { ...CANARY, status: 'rolled_back', written } });

    expect(sent?.message).toContain('It has been changed since, to parallel 25 % (version 8).');
    expect(sent?.message).not.toContain('within 36 seconds');
  });

  it('says where it was reset since', () => {
    // Versions of the initial settings and of the operator's are unrelated.
    const outcome = { ...LEGACY, source: 'initial', status: 'rolled_back', written: WRITTEN } as const;

    expect(notice({ outcome })?.message).toContain(
      'It has been reset since: the initial settings are in force (legacy).',
    );
    expect(notice({ outcome })?.message).not.toContain('within 36 seconds');
  });

  it('says that nobody has set anything', () => {
    expect(notice({ outcome: { ...LEGACY, source: 'initial', status: 'stayed' } })?.message).toContain(
      `${NAME} has not been set, so the initial settings stay in force (legacy): the legacy score is already used`,
    );
  });

  it('says that there was nothing to do', () => {
    expect(notice({ outcome: { ...LEGACY, status: 'stayed' } })).toEqual({
      subject: 'threat-consensus-prod: alarm, and nothing to roll back (legacy)',
      message:
        'service-rollback went off at 2026-07-22T00:00:00.000Z.\n' +
        `${NAME} stays as it is (legacy, version 8): the legacy score is already used for all addresses.`,
    });
  });

  it.each([
    ['forced', true, 'it was forced after the alarm went off'],
    ['stayed', false, 'the alarm is no longer on'],
  ] as const)('warns where the consensus score stays in use: %s', (status, isOn, why) => {
    const sent = notice({ isOn, outcome: { ...CANARY, status } });

    expect(sent?.subject).toBe('threat-consensus-prod: alarm, and NOT rolled back (parallel 25 %)');
    expect(sent?.message).toContain(`${NAME} stays as it is (parallel 25 %, version 8): ${why}.`);
    expect(sent?.message).toContain('cutover set legacy');
  });

  it.each([
    { ...LEGACY, status: 'stayed' },
    { ...CANARY, status: 'stayed' },
    { ...CANARY, status: 'forced' },
  ] as const)('says nothing where no alarm went off and nothing changed: %j', (outcome) => {
    for (const isOn of [true, false]) expect(notice({ raised: undefined, isOn, outcome })).toBeUndefined();
  });

  it('says nothing where another run has rolled back, which says so itself', () => {
    expect(notice({ outcome: { ...LEGACY, status: 'rolled_back_before' } })).toBeUndefined();
  });

  it('has subjects that SNS takes', () => {
    const sent = notice({ service: 'x'.repeat(200), outcome: { ...CANARY, status: 'forced' } });

    expect(sent?.subject).toMatch(/^[\x20-\x7e]{100}$/);
  });
});
