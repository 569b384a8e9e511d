import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { toServiceError } from '../../../aws/service-error.ts';
import {
  type DeployedWith,
  MONITORING_OUTPUTS,
  OUTPUTS,
  type StackPart,
  stackName,
  VARIABLES,
} from '../../../aws/stack-outputs.ts';
import type { ReportedError } from '../../../errors/reported-error.ts';
import { ACCOUNT_ID } from '../../../local/account.ts';
import { CliError } from '../../cli-error.ts';
import { ENVIRONMENT_VARIABLE, RESOURCES } from '../target/resources.ts';
import type { AwsClients } from './aws-clients.ts';
import { readDeployedWith } from './deployed-with.ts';

/** Parts that can be named individually, with their variables and stack outputs. */
export const PARTS = {
  ...RESOURCES,
  scoringFunction: { variable: VARIABLES[OUTPUTS.scoringFunction], output: OUTPUTS.scoringFunction },
  eventSource: { variable: VARIABLES[OUTPUTS.eventSource], output: OUTPUTS.eventSource },
  scoringLogGroup: { variable: VARIABLES[OUTPUTS.scoringLogGroup], output: OUTPUTS.scoringLogGroup },
  alarmTopic: { variable: VARIABLES[MONITORING_OUTPUTS.alarmTopic], output: MONITORING_OUTPUTS.alarmTopic },
  rollbackFunction: {
    variable: VARIABLES[MONITORING_OUTPUTS.rollbackFunction],
    output: MONITORING_OUTPUTS.rollbackFunction,
  },
  rollbackRule: {
    variable: VARIABLES[MONITORING_OUTPUTS.rollbackRule],
    output: MONITORING_OUTPUTS.rollbackRule,
  },
  rollbackLogGroup: {
    variable: VARIABLES[MONITORING_OUTPUTS.rollbackLogGroup],
    output: MONITORING_OUTPUTS.rollbackLogGroup,
  },
} as const;

export type Part = keyof typeof PARTS;

/** A stack as CloudFormation describes it, or the error. */
export interface DescribedStack {
  readonly part: StackPart;
  readonly name: string;
  /** As in `UPDATE_COMPLETE`; absent if it can't be described. */
  readonly status?: string;
  readonly isProtected: boolean;
  readonly outputs: ReadonlyMap<string, string>;
  /** The error if it can't be described; absent with a status, and if there is no such stack. */
  readonly error?: ReportedError;
}

/** The target: an environment, parts named by variables, or an embedded stack. */
export interface Subject {
  readonly kind: 'environment' | 'parts' | 'embedded';
  /** Undefined if parts are named. */
  readonly environment: string | undefined;
  /** The environment's stacks; none if parts are named. */
  readonly stacks: readonly DescribedStack[];
  readonly names: Readonly<Partial<Record<Part, string>>>;
  /** Undefined if the output is missing. */
  readonly deployedWith: DeployedWith | undefined;
  /** ARN of the policy with all permissions that doctor needs; undefined if the output is missing. */
  readonly operatorPolicy: string | undefined;
}

const STACKS: readonly StackPart[] = ['Storage', 'Scoring', 'Monitoring'];

/**
 * Determines the target. Options take precedence over the shell's variables, and variables for single parts over the
 * one for the environment.
 *
 * @throws {CliError} if no target is named
 */
export async function findSubject(env: string | undefined, clients: AwsClients): Promise<Subject> {
  if (env) return await environmentNamed(env, clients);
  const names = namesInShell();
  if (Object.keys(names).length > 0) {
    const isEmbedded = names.queueUrl !== undefined && isEmbeddedQueue(names.queueUrl);
    return {
      kind: isEmbedded ? 'embedded' : 'parts',
      environment: undefined,
      stacks: [],
      names,
      deployedWith: undefined,
      operatorPolicy: undefined,
    };
  }
  const { [ENVIRONMENT_VARIABLE]: environment } = process.env;
  if (environment) return await environmentNamed(environment, clients);
  throw new CliError(
    `which environment? Use --env, or set ${ENVIRONMENT_VARIABLE} or the variables that \`threat-consensus local\` prints`,
    2,
  );
}

async function environmentNamed(environment: string, clients: AwsClients): Promise<Subject> {
  const stacks = await Promise.all(STACKS.map((part) => describe(part, environment, clients)));
  const outputs = new Map(stacks.flatMap((stack) => [...stack.outputs]));
  return {
    kind: 'environment',
    environment,
    stacks,
    names: namesBy(({ output }) => outputs.get(output)),
    deployedWith: readDeployedWith(outputs.get(OUTPUTS.deployedWith)),
    operatorPolicy: outputs.get(OUTPUTS.operatorPolicy),
  };
}

async function describe(
  part: StackPart,
  environment: string,
  { cloudFormation }: AwsClients,
): Promise<DescribedStack> {
  const name = stackName(environment, part);
  const nothing = { part, name, isProtected: false, outputs: new Map<string, string>() };
  try {
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
    const { StackStatus = '', EnableTerminationProtection = false, Outputs = [] } = Stacks?.[0] ?? {};
    return {
      part,
      name,
      status: StackStatus,
      isProtected: EnableTerminationProtection,
      outputs: new Map(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue])),
    };
  } catch (cause) {
    if (isMissing(cause)) return nothing;
    return { ...nothing, error: toServiceError(cause, `describe the stack ${name}`) };
  }
}

/** CloudFormation has no error code for a missing stack. */
function isMissing(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'ValidationError' && /does not exist/.test(cause.message);
}

function namesInShell(): Subject['names'] {
  return namesBy(({ variable }) => process.env[variable] || undefined);
}

function namesBy(find: (part: (typeof PARTS)[Part]) => string | undefined): Subject['names'] {
  const found = Object.entries(PARTS).map(([part, how]) => [part, find(how)] as const);
  return Object.fromEntries(found.filter(([, name]) => name !== undefined));
}

/** The embedded stack uses an account number that AWS never assigns. */
function isEmbeddedQueue(queueUrl: string): boolean {
  return URL.parse(queueUrl)?.pathname.startsWith(`/${ACCOUNT_ID}/`) ?? false;
}
