import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { STACK_PARTS, type StackPart, stackName } from '../../lib/aws/stack-outputs.ts';
import { siteEnvironment } from '../fixtures/infra/environments.ts';
import { fixedName } from '../fixtures/infra/simulated-account.ts';
import { type Synthesis, synthesis, synthesizeInto, synthesizeWith } from '../fixtures/infra/synthesis.ts';
import { synthesizeService } from '../fixtures/infra/synthesized-service.ts';

/** Resource types with names that are shared by all regions of an account. */
const GLOBAL_TYPES = new Set([
  'AWS::Budgets::Budget',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Role',
]);

function fixedNames({ resources }: Synthesis, isWanted: (type: string) => boolean = () => true): string[] {
  return Object.values(resources)
    .flatMap((each) => Object.values(each))
    .filter(({ Type }) => isWanted(Type))
    .flatMap((resource) => fixedName(resource) ?? []);
}

const shared = (one: readonly string[], other: readonly string[]) =>
  one.filter((name) => other.includes(name));

describe('in one account', () => {
  const [dev, prod, there] = [synthesis('dev'), synthesis('prod'), synthesizeWith({ region: 'us-west-2' })];

  it('no two environments have a name in common', () => {
    const names = fixedNames(dev);

    expect(names.length).toBeGreaterThan(20);
    expect(shared(names, fixedNames(prod))).toEqual([]);
  });

  it('no two regions have a name in common of what is not of a region', () => {
    const isGlobal = (type: string) => GLOBAL_TYPES.has(type);

    expect(fixedNames(prod, isGlobal)).toEqual(['"threat-consensus-prod-eu-central-1"']);
    expect(fixedNames(there, isGlobal)).toEqual(['"threat-consensus-prod-us-west-2"']);
  });
});

describe('references between stacks', () => {
  it('are weak, so that removing one never waits for another stack', () => {
    const { storage, scoring, monitoring } = synthesizeService(siteEnvironment('prod'));
    const templates = [storage, scoring, monitoring].map((template) => JSON.stringify(template.toJSON()));

    expect(templates.join()).toContain('Fn::GetStackOutput');
    for (const text of templates) expect(text).not.toMatch(/Fn::ImportValue|"Export":/);
  });

  it('still have the stacks deployed in their order', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stacks-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    synthesizeInto(folder, 'dev', {});
    const { artifacts } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
      artifacts: Record<string, { dependencies?: string[] }>;
    };
    const after = (part: StackPart) => {
      const names = artifacts[stackName('dev', part)]?.dependencies ?? [];
      return STACK_PARTS.filter((other) => names.includes(stackName('dev', other)));
    };

    expect(STACK_PARTS.map(after)).toEqual([[], ['Storage'], ['Storage', 'Scoring']]);
  });
});
