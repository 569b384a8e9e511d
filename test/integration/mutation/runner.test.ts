import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Runner } from '../../mutation/running/runner.ts';

const ROOT = join(import.meta.dirname, '../../..');
const FILE = 'lib/consensus/median.ts';
const TESTS = ['test/unit/consensus/median.test.ts'];
const DEADLINE_MS = 60_000;

function replacing(from: string, to: string) {
  return {
    tests: TESTS,
    replaced: { file: FILE, text: readFileSync(join(ROOT, FILE), 'utf8').replace(from, to) },
  };
}

describe('the runner of mutants', () => {
  const runner = new Runner();
  // The first run does the shared setup.
  beforeAll(() => runner.run({ tests: TESTS }, DEADLINE_MS));
  afterAll(() => runner.stop());

  it('sees each mutant, and the code as it is after one', async () => {
    const killed = await runner.run(replacing('% 2 === 1', '% 2 !== 1'), DEADLINE_MS);
    const survived = await runner.run(replacing('> value', '>= value'), DEADLINE_MS);
    const again = await runner.run({ tests: TESTS }, DEADLINE_MS);

    expect(killed?.failure).toContain('median.test.ts: median >');
    expect([survived?.hasPassed, again?.hasPassed]).toEqual([true, true]);
  });

  it('does not take the failure of earlier tests for one of others', async () => {
    const failed = await runner.run(replacing('% 2 === 1', '% 2 !== 1'), DEADLINE_MS);
    const others = await runner.run({ tests: ['test/unit/consensus/probability.test.ts'] }, DEADLINE_MS);

    expect([failed?.hasPassed, others?.hasPassed]).toEqual([false, true]);
  });

  it('ends a mutant that does not end, and goes on', async () => {
    const endless = await runner.run(replacing('j--', 'j'), 5_000);
    const next = await runner.run({ tests: TESTS }, DEADLINE_MS);

    expect([endless, next?.hasPassed]).toEqual([undefined, true]);
  });
});
