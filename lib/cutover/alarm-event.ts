import * as z from 'zod';

/** An alarm that went off. */
export interface RaisedAlarm {
  readonly name: string;
  /** When it went off, epoch milliseconds. */
  readonly atMs: number;
  /** Names of the alarms that triggered it; empty if CloudWatch does not report them. */
  readonly causes: readonly string[];
}

/** The event is not about an alarm that went off. */
export class AlarmEventError extends Error {
  override readonly name = 'AlarmEventError';
  readonly code = 'alarm_event';
}

const eventSchema = z.looseObject({
  'detail-type': z.literal('CloudWatch Alarm State Change'),
  detail: z.looseObject({
    alarmName: z.string().min(1),
    state: z.looseObject({
      value: z.literal('ALARM'),
      timestamp: z.string().transform((text, context) => {
        const milliseconds = Date.parse(text.replace(OFFSET_WITHOUT_COLON, '$1:$2'));
        if (!Number.isNaN(milliseconds)) return milliseconds;
        context.addIssue({ code: 'custom', message: 'expected a point in time', input: text });
        return z.NEVER;
      }),
      reasonData: z.string().default('{}'),
    }),
  }),
});

/** CloudWatch writes `+0000`, which is not valid ISO 8601. */
const OFFSET_WITHOUT_COLON = /([+-]\d{2})(\d{2})$/;

const reasonData = z.looseObject({
  triggeringAlarms: z
    .array(z.looseObject({ arn: z.string(), state: z.looseObject({ value: z.string() }) }))
    .default([]),
});

/**
 * Reads the event that EventBridge receives when an alarm goes off. Source: CloudWatch User Guide, "Alarm events and
 * EventBridge".
 *
 * @throws {AlarmEventError} one line
 */
export function readAlarmEvent(event: unknown): RaisedAlarm {
  const read = eventSchema.safeParse(event);
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new AlarmEventError(`not the event of an alarm that went off: ${problems.join('; ')}`);
  }
  const { alarmName, state } = read.data.detail;
  return { name: alarmName, atMs: state.timestamp, causes: causesIn(state.reasonData) };
}

/**
 * Names of the alarms that triggered one, from its reason data; none if that can't be read: the rollback acts without a
 * cause too.
 */
export function causesIn(text: string): string[] {
  try {
    const { triggeringAlarms } = reasonData.parse(JSON.parse(text));
    const raised = triggeringAlarms.filter(({ state }) => state.value === 'ALARM');
    return raised.map(({ arn }) => arn.replace(/^.*:alarm:/, ''));
  } catch {
    return [];
  }
}
