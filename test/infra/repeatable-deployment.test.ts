import { describe, expect, it } from 'vitest';
import { STACK_PARTS, stackName } from '../../lib/aws/stack-outputs.ts';
import { fixedName, SimulatedAccount, type StackToDeploy } from '../fixtures/infra/simulated-account.ts';
import {
  ENVIRONMENT_NAMES,
  type Resource,
  type Synthesis,
  synthesis,
  synthesizeSite,
} from '../fixtures/infra/synthesis.ts';

function stacksOf({ resources, protectedStacks }: Synthesis, environment: string): StackToDeploy[] {
  return STACK_PARTS.map((part) => {
    const name = stackName(environment, part);
    return { name, resources: resources[part], terminationProtection: protectedStacks.includes(name) };
  });
}

/** An environment's stacks before its first deployment. */
function firstStacksOf(environment: string): StackToDeploy[] {
  return stacksOf(synthesizeSite(environment, { protectedStacks: [] }), environment);
}

describe.each(ENVIRONMENT_NAMES)('the first deployment of %s', (environment) => {
  const stacks = firstStacksOf(environment);

  it('can be repeated by the same command, whichever resource fails, and leaves nothing behind', () => {
    for (const [n, stack] of stacks.entries()) {
      const count = Object.keys(stack.resources).length;
      for (let failsAt = 0; failsAt < count; failsAt++) {
        const account = new SimulatedAccount();
        for (const before of stacks.slice(0, n)) expect(account.deploy(before)).toBe('CREATE_COMPLETE');

        expect(account.deploy(stack, failsAt)).toMatch(/^ROLLBACK_COMPLETE: .*: failed$/);
        expect(account.deploy(stack, failsAt)).toMatch(/^ROLLBACK_COMPLETE: .*: failed$/);

        for (const each of stacks) expect(account.deploy(each)).toBe('CREATE_COMPLETE');
        expect(account.orphans()).toEqual([]);
      }
    }
  });

  it('can be repeated after the environment was destroyed', () => {
    const account = new SimulatedAccount();
    for (const each of stacks) account.deploy(each);
    const refusals = stacks.toReversed().map(({ name }) => account.destroy(name));

    expect(refusals).toEqual([undefined, undefined, undefined]);
    if (environment === 'dev')
      expect(account.orphans()).toEqual([expect.stringMatching(/^AWS::S3::Bucket /)]);
    for (const each of stacks) expect(account.deploy(each)).toBe('CREATE_COMPLETE');
  });
});

describe.each(ENVIRONMENT_NAMES)('the resources of %s', (environment) => {
  const all = Object.values(synthesis(environment).resources).flatMap((resources) =>
    Object.entries(resources),
  );

  it('are retained except when their creation fails, or not at all', () => {
    const policies = all.map(([id, { Type, DeletionPolicy, UpdateReplacePolicy }]) => ({
      id,
      Type,
      policies: `${DeletionPolicy ?? 'Delete'}, ${UpdateReplacePolicy ?? 'Delete'}`,
    }));

    for (const { id, policies: each } of policies) {
      expect(['Delete, Delete', 'RetainExceptOnCreate, Retain'], id).toContain(each);
    }
    const retained = policies
      .filter(({ policies: each }) => each.startsWith('Retain'))
      .map(({ Type }) => Type);
    if (environment === 'dev') expect(retained).toEqual(['AWS::S3::Bucket']);
    else expect(retained).toContain('AWS::DynamoDB::Table');
  });

  it('have no fixed name where they are retained, which would be in the way of the next stack', () => {
    const named = all.filter(([, resource]) => fixedName(resource) !== undefined);

    expect(named.length).toBeGreaterThan(20);
    for (const [id, { DeletionPolicy }] of named) {
      expect(`${id}: ${DeletionPolicy ?? 'Delete'}`).toBe(`${id}: Delete`);
    }
  });
});

describe('protection of the stacks of prod', () => {
  const stacks = stacksOf(synthesis('prod'), 'prod');

  it('is switched on by a second deployment, and then no stack can be destroyed', () => {
    const account = new SimulatedAccount();
    for (const each of [...firstStacksOf('prod'), ...stacks])
      expect(account.deploy(each)).toBe('CREATE_COMPLETE');

    for (const { name } of stacks)
      expect(account.destroy(name)).toContain('TerminationProtection is enabled');
  });

  it('would make a first deployment unrepeatable, which is why it comes second', () => {
    const account = new SimulatedAccount();
    const [, scoring] = stacks as [StackToDeploy, StackToDeploy];
    account.deploy(scoring, 1);

    expect(account.deploy(scoring)).toContain('cannot be deleted while TerminationProtection is enabled');
  });
});

describe('the simulated account', () => {
  const table = (changes: Partial<Resource>): StackToDeploy => ({
    name: 'Stack',
    terminationProtection: false,
    resources: {
      Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'fixed' }, ...changes },
      Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { Dimensions: [{ Ref: 'Table' }] } },
    },
  });

  it('finds what was retained under a fixed name in the way', () => {
    const account = new SimulatedAccount();
    const stack = table({ DeletionPolicy: 'Retain' });
    account.deploy(stack, 1);

    expect(account.deploy(stack)).toBe('ROLLBACK_COMPLETE: Table: AlreadyExists');
  });

  it('finds a table that is protected from the rollback left behind', () => {
    const account = new SimulatedAccount();
    const Properties = { DeletionProtectionEnabled: true };
    const stack = table({ DeletionPolicy: 'RetainExceptOnCreate', Properties });

    expect(account.deploy(stack, 1)).toBe('ROLLBACK_FAILED: Alarm: failed');
    expect(account.deploy(stack)).toBe('CREATE_COMPLETE');
    expect(account.orphans()).toEqual(['AWS::DynamoDB::Table Stack-Table-made-up']);
  });

  it('creates what others refer to before them', () => {
    const account = new SimulatedAccount();
    const { Table, Alarm } = table({}).resources as Record<string, Resource>;
    const stack = { ...table({}), resources: { Alarm, Table } as Record<string, Resource> };

    expect(account.deploy(stack, 1)).toBe('ROLLBACK_COMPLETE: Alarm: failed');
  });
});
