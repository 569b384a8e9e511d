import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { STACK_PARTS, type StackPart, stackName } from '../../lib/aws/stack-outputs.ts';
import { siteEnvironment } from '../fixtures/infra/environments.ts';
import { fixedName } from '../fixtures/infra/simulated-account.ts';
import { type Synthesis, synthesis, synthesizeInto, synthesizeWith } from '../fixtures/infra/synthesis.ts';
import { synthesizeService } from '../fixtures/infra/synthesized-service.ts';

/** Resources whose names all regions of an account share. Others are of one region. */
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
  it('no two environments have a name in common', () => {
    const [dev, prod] = [fixedNames(synthesis('dev')), fixedNames(synthesis('prod'))];

    expect(dev.length).toBeGreaterThan(20);
    expect(shared(dev, prod)).toEqual([]);
  });

  it('no two regions have a name in common of what is not of a region', () => {
    const isGlobal = (type: string) => GLOBAL_TYPES.has(type);
    const here = fixedNames(synthesis('prod'), isGlobal);
    const there = fixedNames(synthesizeWith({ region: 'us-west-2' }), isGlobal);

    expect(here).toEqual(['"threat-consensus-prod-eu-central-1"']);
    expect(shared(here, there)).toEqual([]);
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
