import type { S3Client } from '@aws-sdk/client-s3';
import type { QueueAccess } from '../../../aws/queue-access.ts';
import type { OutputName } from '../../../aws/stack-outputs.ts';
import type { TableAccess } from '../../../store/table-access.ts';
import { CliError } from '../../cli-error.ts';
import { patientFor, SILENT } from './clients.ts';
import {
  ENVIRONMENT_VARIABLE,
  type QueueResource,
  RESOURCES,
  type Resource,
  type TargetOptions,
} from './resources.ts';
import type { SettingsTarget } from './settings-target.ts';

/** @throws {CliError} if the table is not named */
export async function openTable(options: TargetOptions): Promise<TableAccess> {
  const tableName = await nameOf('table', options);
  // Imported on demand: no command needs all clients.
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
  const { DynamoDBDocumentClient } = await import('@aws-sdk/lib-dynamodb');
  const client = new DynamoDBClient({ logger: SILENT, requestHandler: patientFor(READ_TIMEOUT_MS) });
  return { client: DynamoDBDocumentClient.from(client), tableName };
}

/** @throws {CliError} if the queue is not named */
export async function openQueue(resource: QueueResource, options: TargetOptions): Promise<QueueAccess> {
  const queueUrl = await nameOf(resource, options);
  if (!/^https?:$/.test(URL.parse(queueUrl)?.protocol ?? '')) {
    throw new CliError(`${queueUrl} is not the URL of a queue`, 2);
  }
  const sqs = await import('@aws-sdk/client-sqs');
  return {
    client: new sqs.SQSClient({ logger: SILENT, requestHandler: patientFor(SEND_TIMEOUT_MS) }),
    queueUrl,
  };
}

/** A bucket for log files. */
export interface BucketAccess {
  readonly client: S3Client;
  readonly bucket: string;
}

/** @throws {CliError} if the bucket is not named */
export async function openBucket(options: TargetOptions): Promise<BucketAccess> {
  const bucket = await nameOf('logBucket', options);
  const { S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({ logger: SILENT, requestHandler: patientFor(SEND_TIMEOUT_MS) });
  return { client, bucket };
}

/** The environment whose part is meant; undefined if the call names the part itself. */
export function environmentOf(options: TargetOptions, resource: Resource = 'table'): string | undefined {
  if (options.env) return options.env;
  const { [RESOURCES[resource].variable]: named, [ENVIRONMENT_VARIABLE]: environment } = process.env;
  return options[resource] || named ? undefined : environment || undefined;
}

/** @throws {CliError} if a parameter is not named */
export async function openSettings(options: TargetOptions): Promise<SettingsTarget> {
  const [settings, initial] = [
    await nameOf('settingsParameter', options),
    await nameOf('initialSettingsParameter', options),
  ];
  const { SSMClient } = await import('@aws-sdk/client-ssm');
  const client = new SSMClient({ logger: SILENT, requestHandler: patientFor(READ_TIMEOUT_MS) });
  return { client, names: { settings, initial } };
}

/** Creation time of the environment's stack, epoch milliseconds; undefined if the call names no environment. */
export async function stackCreation(options: TargetOptions): Promise<number | undefined> {
  const environment = environmentOf(options, 'settingsParameter');
  if (environment === undefined || options.settingsParameter) return undefined;
  const deployment = await import('./deployment.ts');
  return await deployment.stackCreatedAtMs(environment);
}

const READ_TIMEOUT_MS = 10_000;
const SEND_TIMEOUT_MS = 60_000;

async function outputOf(environment: string, output: OutputName): Promise<string> {
  // Imported on demand: most calls name their resources, and need no CloudFormation client.
  const deployment = await import('./deployment.ts');
  return await deployment.outputOf(environment, output);
}

/**
 * The settings with the alarm that guards them. There is no guard if none is named, such as for a parameter given by
 * its name alone.
 *
 * @throws {CliError} if a parameter is not named
 */
export async function openGuardedSettings(options: TargetOptions): Promise<SettingsTarget> {
  const target = await openSettings(options);
  const alarm = await optionalNameOf('rollbackAlarm', options);
  if (alarm === undefined) return target;
  const { alarmState } = await import('./alarm-state.ts');
  return { ...target, rollbackAlarm: () => alarmState(alarm) };
}

/** @throws {CliError} if it is not named */
async function nameOf(resource: Resource, options: TargetOptions): Promise<string> {
  const name = await optionalNameOf(resource, options);
  if (name !== undefined) return name;
  const { flag, variable, what } = RESOURCES[resource];
  throw new CliError(`which ${what}? Use --local, --env or ${flag.split(' ', 1)[0]}, or set ${variable}`, 2);
}

/** Options take precedence over the shell's variables. */
async function optionalNameOf(resource: Resource, options: TargetOptions): Promise<string | undefined> {
  const { variable, output } = RESOURCES[resource];
  const { [variable]: fromShell, [ENVIRONMENT_VARIABLE]: environmentFromShell } = process.env;
  if (options[resource]) return options[resource];
  if (options.env) return await outputOf(options.env, output);
  if (fromShell) return fromShell;
  if (environmentFromShell) return await outputOf(environmentFromShell, output);
  return undefined;
}
