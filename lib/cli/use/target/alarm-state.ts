import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { toServiceError } from '../../../aws/service-error.ts';
import { type AlarmReading, readAlarm } from '../../../cutover/alarm-reading.ts';
import type { AlarmState } from '../../../cutover/plan-change.ts';
import { CliError } from '../../cli-error.ts';
import { patientFor, SILENT } from './clients.ts';

const READ_TIMEOUT_MS = 10_000;

/**
 * Reads the state of an alarm, composite or not.
 *
 * @throws {CliError} if there is no such alarm, so nothing would guard a change
 * @throws {ServiceError} if CloudWatch can't be reached
 */
export async function alarmState(name: string): Promise<AlarmState> {
  const client = new CloudWatchClient({ logger: SILENT, requestHandler: patientFor(READ_TIMEOUT_MS) });
  let reading: AlarmReading | undefined;
  try {
    reading = await readAlarm(client, name);
  } catch (cause) {
    throw toServiceError(cause, `ask for the alarm ${name}`);
  } finally {
    client.destroy();
  }
  if (reading !== undefined) return reading.state;
  throw new CliError(`there is no alarm ${name} in this account and region, so nothing would roll this back`);
}
