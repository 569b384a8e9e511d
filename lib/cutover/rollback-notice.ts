import type { RaisedAlarm } from './alarm-event.ts';
import { occasionOf, type RollbackOutcome } from './roll-back.ts';

/** What a topic is told. */
export interface Notice {
  readonly subject: string;
  readonly message: string;
}

/** SNS takes 100 characters, of ASCII. */
const SUBJECT_LENGTH = 100;

/**
 * What humans are told of a rollback; undefined where there is nothing to tell.
 *
 * @param service whose rollback it is, as `threat-consensus-prod`
 */
export function rollbackNotice(
  service: string,
  parameter: string,
  alarm: RaisedAlarm,
  outcome: RollbackOutcome,
): Notice | undefined {
  const told = textOf(parameter, alarm, outcome);
  return told && { ...told, subject: `${service}: ${told.subject}`.slice(0, SUBJECT_LENGTH) };
}

function textOf(parameter: string, alarm: RaisedAlarm, outcome: RollbackOutcome): Notice | undefined {
  const { version } = outcome;
  switch (outcome.status) {
    case 'rolled_back':
      return {
        subject: 'rolled back to the legacy score',
        message: [
          `${parameter} is in mode legacy now (version ${version}): ${outcome.description}.`,
          'The legacy score is used for all addresses within 36 seconds. What is stored stays.',
          'To go forward again: mend the cause, wait until the alarm is OK, then `threat-consensus cutover set parallel`.',
        ].join('\n'),
      };
    case 'stayed':
      return {
        subject: `alarm, and nothing to roll back (${outcome.cutover})`,
        message: [
          `${occasionOf(alarm)}.`,
          `${parameter} stays as it is (${outcome.cutover}, version ${version}): the legacy score is used for all addresses already.`,
        ].join('\n'),
      };
    case 'ignored':
      if (!outcome.usesConsensus) return undefined;
      return {
        subject: `alarm, and NOT rolled back (${outcome.cutover})`,
        message: [
          `${occasionOf(alarm)}, before ${parameter} was last changed (${outcome.cutover}, version ${version}).`,
          'It was left as it is. If the alarm is still on, `threat-consensus cutover set legacy` takes it back.',
        ].join('\n'),
      };
  }
}
