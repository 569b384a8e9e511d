import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { toServiceError } from '../../../aws/service-error.ts';
import { OUTPUTS_PART, type OutputName, stackName } from '../../../aws/stack-outputs.ts';
import { CliError } from '../../cli-error.ts';
import { patientFor, SILENT } from './clients.ts';

/** A stack as CloudFormation describes it. */
interface DescribedStack {
  readonly outputs: ReadonlyMap<string, string>;
  /** Epoch milliseconds; undefined if the response lacks it. */
  readonly createdAtMs: number | undefined;
}

const known = new Map<string, Promise<DescribedStack>>();

/**
 * Looks up the name of a deployed environment's part in its stack's outputs.
 *
 * @throws {CliError} if there is no such deployment, or it has no such part
 * @throws {ServiceError} if CloudFormation can't be reached
 */
export async function outputOf(environment: string, name: OutputName): Promise<string> {
  const value = await optionalOutputOf(environment, name);
  if (value !== undefined) return value;
  throw new CliError(
    `the stack ${stackName(environment, OUTPUTS_PART)} has no output ${name}; deploy this version: ${deployCommand(environment)}`,
  );
}

/** Looks up a part that an earlier version's deployment may lack; undefined if it does. */
export async function optionalOutputOf(environment: string, name: OutputName): Promise<string | undefined> {
  return (await describedStack(environment)).outputs.get(name);
}

/**
 * When an environment's stack was created: anything written before belongs to an earlier one.
 *
 * @throws {CliError} if there is no such deployment
 * @throws {ServiceError} if CloudFormation can't be reached
 */
export async function stackCreatedAtMs(environment: string): Promise<number | undefined> {
  return (await describedStack(environment)).createdAtMs;
}

/** One request serves all of a command's look-ups. */
async function describedStack(environment: string): Promise<DescribedStack> {
  const asked = known.get(environment) ?? describeStack(environment);
  known.set(environment, asked);
  return await asked;
}

async function describeStack(environment: string): Promise<DescribedStack> {
  const name = stackName(environment, OUTPUTS_PART);
  const client = new CloudFormationClient({ logger: SILENT, requestHandler: patientFor(READ_TIMEOUT_MS) });
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const { Outputs = [], CreationTime } = Stacks?.[0] ?? {};
    return {
      outputs: new Map(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue])),
      createdAtMs: CreationTime?.getTime(),
    };
  } catch (cause) {
    if (isMissing(cause)) {
      throw new CliError(
        `environment "${environment}" is not deployed in this account and region (no stack ${name}): ${deployCommand(environment)}`,
      );
    }
    throw toServiceError(cause, `find environment "${environment}"`);
  } finally {
    client.destroy();
  }
}

const READ_TIMEOUT_MS = 10_000;

/** CloudFormation has no error code for a missing stack. */
function isMissing(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'ValidationError' && /does not exist/.test(cause.message);
}

function deployCommand(environment: string): string {
  return `npx cdk deploy --all -c env=${environment}`;
}
