import { MONITORING_OUTPUTS, OUTPUTS, type StackPart } from '../../../../aws/stack-outputs.ts';
import type { Finding } from '../../../results/doctor.ts';
import type { Check } from '../check.ts';
import { fail, pass, warn } from '../findings.ts';
import type { DescribedStack } from '../subject.ts';

export const stacksCheck: Check = {
  name: 'stacks',
  parts: [],
  actions: ['cloudformation:DescribeStacks'],
  needsStacks: true,
  run: async ({ subject: { stacks, environment = '' } }) => {
    const denied = stacks.find(({ error }) => error !== undefined);
    if (denied?.error !== undefined) throw denied.error;
    return judgeStacks(stacks, environment);
  },
};

const EXPECTED: Readonly<Record<StackPart, readonly string[]>> = {
  Storage: [OUTPUTS.table],
  Scoring: Object.values(OUTPUTS),
  Monitoring: Object.values(MONITORING_OUTPUTS),
};

/** Checks that all stacks exist, are complete, and have every output that commands need. */
export function judgeStacks(stacks: readonly DescribedStack[], environment: string): Finding {
  const deploy = `npx cdk deploy --all -c env=${environment}`;
  const missing = stacks.filter(({ status }) => status === undefined);
  if (missing.length > 0) {
    return fail(
      `not deployed in this account and region: ${namesOf(missing)}`,
      `${deploy}, or correct AWS_REGION and credentials`,
    );
  }
  const broken = stacks.filter(({ status = '' }) => !/_(?:COMPLETE|IN_PROGRESS)$/.test(status));
  if (broken.length > 0) {
    return fail(
      statesOf(broken),
      'see the events of the stack in CloudFormation; fix the cause and deploy again',
    );
  }
  const without = stacks.flatMap(({ part, name, outputs }) =>
    EXPECTED[part]
      .filter((output) => !outputs.has(output))
      .map((output) => `${name} has no output ${output}`),
  );
  if (without.length > 0) return fail(without.join(', '), `deploy this version: ${deploy}`);
  const [stored, used] = (['Storage', 'Scoring'] as const).map((part) =>
    stacks.find((stack) => stack.part === part)?.outputs.get(OUTPUTS.table),
  );
  if (stored !== undefined && used !== undefined && stored !== used) {
    // References between stacks are resolved when the referring stack is deployed, and CDK skips a stack whose template
    // has not changed.
    return fail(`Storage has the table ${stored}, but Scoring uses ${used}`, `${deploy} --force`);
  }
  const unsettled = stacks.filter(({ status = '' }) => !/^(?:CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status));
  if (unsettled.length > 0) {
    return warn(
      statesOf(unsettled),
      'wait if a deployment is running; if one was rolled back, fix the cause and deploy again',
    );
  }
  return pass(`all ${stacks.length} are complete and have every output`);
}

function namesOf(stacks: readonly DescribedStack[]): string {
  return stacks.map(({ name }) => name).join(', ');
}

function statesOf(stacks: readonly DescribedStack[]): string {
  return stacks.map(({ name, status }) => `${name} is ${status}`).join(', ');
}
