import * as z from 'zod';
import { type RaisedAlarm, readAlarmEvent } from './alarm-event.ts';

/** A change of one of the parameters; for deleted settings it is the only record left. */
interface ParameterChange {
  readonly name: string;
  /** `Create`, `Update` or `Delete`. */
  readonly operation: string;
  /** The reason given by the last writer; empty for none. */
  readonly description: string;
}

/** Why the rollback was invoked. */
export type RollbackTrigger = {
  /** Id of the event: it stays the same when the invocation is retried. */
  readonly id: string;
} & (
  | { readonly kind: 'alarm'; readonly alarm: RaisedAlarm }
  | { readonly kind: 'parameter_change'; readonly change: ParameterChange }
  | { readonly kind: 'schedule' }
);

/** The event is of no kind that the rollback knows. */
export class TriggerError extends Error {
  override readonly name = 'TriggerError';
  readonly code = 'rollback_trigger';
}

const eventSchema = z.looseObject({ id: z.string().min(1), 'detail-type': z.string() });

/** A run acts on what is stored, so an event with fewer fields than usual is still accepted. */
const changeSchema = z.object({
  detail: z.object({ name: z.string(), operation: z.string(), description: z.string() }).partial().catch({}),
});

/**
 * Reads an EventBridge event that invokes the rollback. Source: EventBridge User Guide, "Events from AWS services"; the
 * rules select the alarm and the parameters.
 *
 * @throws {TriggerError} or {AlarmEventError}: one line
 */
export function readTrigger(event: unknown): RollbackTrigger {
  const read = eventSchema.safeParse(event);
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new TriggerError(`not an event of EventBridge: ${problems.join('; ')}`);
  }
  const { id, 'detail-type': type } = read.data;
  switch (type) {
    case 'CloudWatch Alarm State Change':
      return { kind: 'alarm', id, alarm: readAlarmEvent(event) };
    case 'Parameter Store Change':
      return { kind: 'parameter_change', id, change: readChange(event) };
    case 'Scheduled Event':
      return { kind: 'schedule', id };
    default:
      throw new TriggerError(`not an event that the rollback handles: ${type}`);
  }
}

function readChange(event: unknown): ParameterChange {
  const { name = '', operation = '', description = '' } = changeSchema.parse(event).detail;
  return { name, operation, description };
}
