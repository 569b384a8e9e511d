import { describe, expect, it } from 'vitest';
import type { RollbackOutcome } from '../../../lib/cutover/roll-back.ts';
import { rollbackNotice } from '../../../lib/cutover/rollback-notice.ts';

const ALARM = { name: 'service-rollback', atMs: Date.UTC(2026, 6, 22), causes: ['service-failures'] };
const NAME = '/threat-consensus/prod/settings';

const notice = (outcome: RollbackOutcome, service = 'threat-consensus-prod') =>
  rollbackNotice(service, NAME, ALARM, outcome);

const LEFT = { status: 'ignored', version: 8, cutover: 'parallel 25 %', usesConsensus: true } as const;

describe('rollbackNotice', () => {
  it('says what was done, why, and how to go on', () => {
    const told = notice({ status: 'rolled_back', version: 8, description: 'rolled back from consensus' });

    expect(told?.subject).toBe('threat-consensus-prod: rolled back to the legacy score');
    expect(told?.message).toContain(`${NAME} is in mode legacy now (version 8): rolled back from consensus.`);
    expect(told?.message).toContain('cutover set parallel');
  });

  it('says that there was nothing to do', () => {
    const told = notice({ status: 'stayed', version: 8, cutover: 'parallel 0 %' });

    expect(told?.subject).toBe('threat-consensus-prod: alarm, and nothing to roll back (parallel 0 %)');
    expect(told?.message).toContain('service-rollback went off at 2026-07-22T00:00:00.000Z');
  });

  it('warns where the consensus score stays in use although the alarm went off', () => {
    const told = notice(LEFT);

    expect(told?.subject).toBe('threat-consensus-prod: alarm, and NOT rolled back (parallel 25 %)');
    expect(told?.message).toContain('cutover set legacy');
  });

  it('says nothing of a late event where the legacy score is in use', () => {
    expect(notice({ ...LEFT, cutover: 'legacy', usesConsensus: false })).toBeUndefined();
  });

  it('has subjects that SNS takes', () => {
    const told = notice(LEFT, 'x'.repeat(200));

    expect(told?.subject).toMatch(/^[\x20-\x7e]{100}$/);
  });
});
