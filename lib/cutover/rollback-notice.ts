import type { RaisedAlarm } from './alarm-event.ts';
import type { RollbackOutcome } from './roll-back.ts';
import { occasionOf } from './rollback-description.ts';

/** A message to the SNS topics. */
export interface Notice {
  readonly subject: string;
  readonly message: string;
}

/** SNS accepts 100 characters of ASCII. */
const SUBJECT_LENGTH = 100;

export interface RollbackReport {
  /** Name of the service, as in `threat-consensus-prod`. */
  readonly service: string;
  readonly parameter: string;
  readonly outcome: RollbackOutcome;
  /** The alarm that invoked the rollback; undefined if something else did. */
  readonly raised: RaisedAlarm | undefined;
  /** Whether the alarm was on when the rollback read it. */
  readonly isOn: boolean;
}

/**
 * The notice about a run of the rollback: that it changed the settings, or how it responded to an alarm that went off.
 * Undefined if nothing changed and no alarm went off, as is normal every few minutes.
 */
export function rollbackNotice({ service, ...report }: RollbackReport): Notice | undefined {
  const notice = noticeOf(report);
  return notice && { ...notice, subject: `${service}: ${notice.subject}`.slice(0, SUBJECT_LENGTH) };
}

function noticeOf({ parameter, outcome, raised, isOn }: Omit<RollbackReport, 'service'>): Notice | undefined {
  if (outcome.status === 'rolled_back') return rolledBackNotice(parameter, outcome);
  // The run that rolled back publishes its own notice.
  if (raised === undefined || outcome.status === 'rolled_back_before') return undefined;
  const { cutover, version, usesConsensus, source } = outcome;
  const now =
    source === 'initial'
      ? `${parameter} has not been set, so the initial settings stay in force (${cutover})`
      : `${parameter} stays as it is (${cutover}, version ${version})`;
  const notice = (subject: string, ...reasons: string[]) => ({
    subject: `alarm, and ${subject} (${cutover})`,
    message: [`${occasionOf(raised)}.`, ...reasons].join('\n'),
  });
  if (!usesConsensus) {
    return notice('nothing to roll back', `${now}: the legacy score is already used for all addresses.`);
  }
  const why = isOn ? 'it was forced after the alarm went off' : 'the alarm is no longer on';
  return notice(
    'NOT rolled back',
    `${now}: ${why}.`,
    'To roll it back: `threat-consensus cutover set legacy`.',
  );
}

function rolledBackNotice(
  parameter: string,
  { written, version, cutover, source }: RollbackOutcome & { readonly status: 'rolled_back' },
): Notice {
  const isInForce = source === 'operator' && version === written.version;
  const since =
    source === 'initial'
      ? `It has been reset since: the initial settings are in force (${cutover}).`
      : `It has been changed since, to ${cutover} (version ${version}).`;
  return {
    subject: 'rolled back to the legacy score',
    message: [
      `${parameter} was set to mode legacy (version ${written.version}): ${written.description}.`,
      isInForce
        ? 'The legacy score is used for all addresses within 36 seconds. Stored assessments are kept.'
        : since,
      'To go forward again: fix the cause, wait until the alarm is OK, then `threat-consensus cutover set parallel`.',
    ].join('\n'),
  };
}
