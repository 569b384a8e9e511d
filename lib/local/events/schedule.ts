import { randomUUID } from 'node:crypto';
import { ACCOUNT_ID, arnOf, REGION } from '../account.ts';
import { type EventPattern, readEventPattern } from './event-pattern.ts';

/** A schedule expression that is not supported here. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
  readonly code = 'schedule';
}

const RATE = /^rate\((\d+) (minute|hour|day)s?\)$/;
const SECONDS: Readonly<Record<string, number>> = { minute: 60, hour: 3_600, day: 86_400 };

/**
 * Parses a rate expression: `rate(5 minutes)`. Source: EventBridge User Guide, "Rate expressions".
 *
 * @returns seconds
 * @throws {ScheduleError} for anything else, `cron(...)` included
 */
export function readRate(expression: string): number {
  const [, count = '', unit = ''] = RATE.exec(expression) ?? [];
  const seconds = Number(count) * (SECONDS[unit] ?? 0);
  if (seconds > 0) return seconds;
  throw new ScheduleError(`schedule ${expression}: only rates are known here`);
}

/** Matches the events of one scheduled rule. */
export function scheduledEventPattern(rule: string): EventPattern {
  return readEventPattern({ source: ['aws.events'], resources: [ruleArn(rule)] });
}

/**
 * The event that a scheduled rule sends to its targets. Source: EventBridge User Guide, "Creating a rule that runs on a
 * schedule".
 */
export function scheduledEvent(rule: string, nowMs: number): object {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: ACCOUNT_ID,
    time: new Date(nowMs).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    region: REGION,
    resources: [ruleArn(rule)],
    detail: {},
  };
}

function ruleArn(rule: string): string {
  return arnOf('events', `rule/${rule}`);
}
