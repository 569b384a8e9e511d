import { type Command, Option } from 'commander';
import type { QueueAccess } from '../../aws/queue-access.ts';
import { OUTPUTS, type OutputName } from '../../aws/stack-outputs.ts';
import type { TableAccess } from '../../store/table-access.ts';
import { CliError } from '../cli-error.ts';
import { patientFor, SILENT } from '../use/target/clients.ts';
import type { SettingsTarget } from '../use/target/settings-target.ts';

/** The parts of a deployment that commands work on, by option name, with where their names come from. */
const RESOURCES = {
  table: { flag: '--table <name>', variable: 'TABLE_NAME', output: OUTPUTS.table, what: 'table' },
  queueUrl: {
    flag: '--queue-url <url>',
    variable: 'WORK_QUEUE_URL',
    output: OUTPUTS.workQueue,
    what: 'work queue',
  },
  rejectedQueueUrl: {
    flag: '--rejected-queue-url <url>',
    variable: 'REJECTED_QUEUE_URL',
    output: OUTPUTS.rejectedQueue,
    what: 'rejected queue',
  },
  deadLetterQueueUrl: {
    flag: '--dead-letter-queue-url <url>',
    variable: 'DEAD_LETTER_QUEUE_URL',
    output: OUTPUTS.deadLetterQueue,
    what: 'dead-letter queue',
  },
  settingsParameter: {
    flag: '--settings-parameter <name>',
    variable: 'SETTINGS_PARAMETER',
    output: OUTPUTS.settingsParameter,
    what: 'settings parameter',
  },
  rollbackAlarm: {
    flag: '--rollback-alarm <name>',
    variable: 'ROLLBACK_ALARM',
    output: OUTPUTS.rollbackAlarm,
    what: 'alarm that takes the settings back',
  },
} as const;

export type Resource = keyof typeof RESOURCES;
export type QueueResource = Exclude<Resource, 'table' | 'settingsParameter' | 'rollbackAlarm'>;

const TARGET_HELP = `
Region, credentials and endpoints are the standard AWS variables. --env finds what \`npx cdk deploy\` made;
\`threat-consensus local\` prints all that is needed for the embedded stack.
`;

/** For those who work with one deployment only. */
const ENVIRONMENT_VARIABLE = 'THREAT_CONSENSUS_ENV';

/** Adds the options that name a deployment or its parts; each can come from the environment instead. */
export function withTarget(command: Command, ...resources: readonly Resource[]): Command {
  for (const resource of resources) {
    const { flag, variable, what } = RESOURCES[resource];
    command.addOption(new Option(flag, `the ${what} (or ${variable})`));
  }
  command.option('--env <name>', `the deployed environment that it belongs to (or ${ENVIRONMENT_VARIABLE})`);
  return command.addHelpText('after', TARGET_HELP);
}

/** Options as commander parsed them. */
export type TargetOptions = Readonly<Partial<Record<Resource | 'env', string>>>;

/** @throws {CliError} where the table is not named */
export async function openTable(options: TargetOptions): Promise<TableAccess> {
  const tableName = await nameOf('table', options);
  // Clients are loaded where they are made: no command needs all of them.
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
  const { DynamoDBDocumentClient } = await import('@aws-sdk/lib-dynamodb');
  const client = new DynamoDBClient({ logger: SILENT, requestHandler: patientFor(READ_TIMEOUT_MS) });
  return { client: DynamoDBDocumentClient.from(client), tableName };
}

/** @throws {CliError} where the queue is not named */
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

/** The environment whose table a call means; undefined where it names the table itself. */
export function environmentOf(options: TargetOptions): string | undefined {
  if (options.env) return options.env;
  const { [RESOURCES.table.variable]: table, [ENVIRONMENT_VARIABLE]: environment } = process.env;
  return options.table || table ? undefined : environment || undefined;
}

/** @throws {CliError} where the parameter is not named */
export async function openSettings(options: TargetOptions): Promise<SettingsTarget> {
  const name = await nameOf('settingsParameter', options);
  const { SSMClient } = await import('@aws-sdk/client-ssm');
  return { client: new SSMClient({ logger: SILENT, requestHandler: patientFor(READ_TIMEOUT_MS) }), name };
}

const READ_TIMEOUT_MS = 10_000;
const SEND_TIMEOUT_MS = 60_000;

async function outputOf(environment: string, output: OutputName): Promise<string> {
  // Loaded here: most calls name what they work on, and need no client of CloudFormation.
  const deployment = await import('../use/target/deployment.ts');
  return await deployment.outputOf(environment, output);
}

/**
 * The settings with the alarm that guards them: nobody is guarded by one that nobody names, as where a parameter is
 * worked on by its name alone.
 *
 * @throws {CliError} where the parameter is not named
 */
export async function openGuardedSettings(options: TargetOptions): Promise<SettingsTarget> {
  const target = await openSettings(options);
  const alarm = await optionalNameOf('rollbackAlarm', options);
  if (alarm === undefined) return target;
  const { alarmState } = await import('../use/target/alarm-state.ts');
  return { ...target, rollbackAlarm: () => alarmState(alarm) };
}

/** @throws {CliError} where it is not named */
async function nameOf(resource: Resource, options: TargetOptions): Promise<string> {
  const name = await optionalNameOf(resource, options);
  if (name !== undefined) return name;
  const { flag, variable, what } = RESOURCES[resource];
  throw new CliError(`which ${what}? Give --env or ${flag.split(' ', 1)[0]}, or set ${variable}`, 2);
}

/** What is said with the call itself comes before what the shell has set. */
async function optionalNameOf(resource: Resource, options: TargetOptions): Promise<string | undefined> {
  const { variable, output } = RESOURCES[resource];
  const { [variable]: fromShell, [ENVIRONMENT_VARIABLE]: environmentFromShell } = process.env;
  if (options[resource]) return options[resource];
  if (options.env) return await outputOf(options.env, output);
  if (fromShell) return fromShell;
  if (environmentFromShell) return await outputOf(environmentFromShell, output);
  return undefined;
}
