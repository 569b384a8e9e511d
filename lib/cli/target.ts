import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Command, Option } from 'commander';
import type { TableAccess } from '../store/table-access.ts';
import { CliError } from './cli-error.ts';
import type { SettingsTarget } from './cutover/settings-target.ts';

/** The parts of a deployment that commands work on, by option name, with where their names come from. */
const RESOURCES = {
  table: { flag: '--table <name>', variable: 'TABLE_NAME', what: 'table' },
  queueUrl: { flag: '--queue-url <url>', variable: 'WORK_QUEUE_URL', what: 'work queue' },
  rejectedQueueUrl: {
    flag: '--rejected-queue-url <url>',
    variable: 'REJECTED_QUEUE_URL',
    what: 'rejected queue',
  },
  deadLetterQueueUrl: {
    flag: '--dead-letter-queue-url <url>',
    variable: 'DEAD_LETTER_QUEUE_URL',
    what: 'dead-letter queue',
  },
  settingsParameter: {
    flag: '--settings-parameter <name>',
    variable: 'SETTINGS_PARAMETER',
    what: 'settings parameter',
  },
} as const;

export type Resource = keyof typeof RESOURCES;
export type QueueResource = Exclude<Resource, 'table' | 'settingsParameter'>;

export interface QueueTarget {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

const TARGET_HELP = `
Region, credentials and endpoints are the standard AWS variables. \`npm start -- --keep\` and \`threat-consensus local\`
print all that is needed for the embedded stack.
`;

/** Adds the options that name the parts of a deployment; each can come from the environment instead. */
export function withTarget(command: Command, ...resources: readonly Resource[]): Command {
  for (const resource of resources) {
    const { flag, variable, what } = RESOURCES[resource];
    command.addOption(new Option(flag, `the ${what}`).env(variable));
  }
  return command.addHelpText('after', TARGET_HELP);
}

/** Options as commander parsed them. */
export type TargetOptions = Readonly<Partial<Record<Resource, string>>>;

/** @throws {CliError} where the table is not named */
export function openTable(options: TargetOptions): TableAccess {
  const tableName = nameOf('table', options);
  const client = new DynamoDBClient({ logger: SILENT, requestHandler: patientFor(READ_TIMEOUT_MS) });
  return { client: DynamoDBDocumentClient.from(client), tableName };
}

/** @throws {CliError} where the queue is not named */
export function openQueue(resource: QueueResource, options: TargetOptions): QueueTarget {
  const queueUrl = nameOf(resource, options);
  if (!/^https?:$/.test(URL.parse(queueUrl)?.protocol ?? '')) {
    throw new CliError(`${queueUrl} is not the URL of a queue`, 2);
  }
  return { client: new SQSClient({ logger: SILENT, requestHandler: patientFor(SEND_TIMEOUT_MS) }), queueUrl };
}

/** @throws {CliError} where the parameter is not named */
export function openSettings(options: TargetOptions): SettingsTarget {
  const name = nameOf('settingsParameter', options);
  return { client: new SSMClient({ logger: SILENT, requestHandler: patientFor(READ_TIMEOUT_MS) }), name };
}

/** A service that accepts a connection and then says nothing must not hang a command. */
const CONNECTION_TIMEOUT_MS = 3_000;
const READ_TIMEOUT_MS = 10_000;
const SEND_TIMEOUT_MS = 60_000;

function patientFor(requestTimeout: number) {
  return { connectionTimeout: CONNECTION_TIMEOUT_MS, requestTimeout, throwOnRequestTimeout: true };
}

/** What goes wrong is told in one line; the clients' own warnings are for developers. */
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

function nameOf(resource: Resource, options: TargetOptions): string {
  const name = options[resource];
  if (name !== undefined && name !== '') return name;
  const { flag, variable, what } = RESOURCES[resource];
  throw new CliError(`which ${what}? Give ${flag.split(' ', 1)[0]} or set ${variable}`, 2);
}
