import { expect, it } from 'vitest';
import { conclusionLine, resultLines, resultsJson } from '../../../../lib/cli/output/doctor-lines.ts';
import type { CheckResult } from '../../../../lib/cli/results/doctor.ts';

const RESULTS: readonly CheckResult[] = [
  { name: 'table', outcome: 'pass', text: 'it is active' },
  { name: 'alarm targets', outcome: 'fail', text: 'none\u001b[2J', todo: 'set some' },
  { name: 'rejected queue', outcome: 'warn', text: '1 message waiting', todo: 'list it' },
  { name: 'stacks', outcome: 'skipped', text: 'embedded' },
];

it('a result is a line, and what to do another; nothing of it reaches the terminal as a command', () => {
  expect(RESULTS.flatMap(resultLines)).toEqual([
    'pass    table                  it is active',
    'FAIL    alarm targets          none [2J',
    '        -> set some',
    'warn    rejected queue         1 message waiting',
    '        -> list it',
    'skipped stacks                 embedded',
  ]);
});

it('the conclusion counts what there is to count', () => {
  expect(conclusionLine(RESULTS)).toBe('4 checks: 1 passed, 1 warning, 1 failed, 1 skipped');
  expect(conclusionLine(RESULTS.slice(0, 1))).toBe('1 check: 1 passed');
});

it('programs get one object', () => {
  expect(JSON.parse(resultsJson('prod', RESULTS.slice(0, 2)))).toEqual({
    environment: 'prod',
    passed: 1,
    warnings: 0,
    failed: 1,
    skipped: 0,
    checks: [
      { name: 'table', outcome: 'pass', text: 'it is active' },
      { name: 'alarm targets', outcome: 'fail', text: 'none\u001b[2J', todo: 'set some' },
    ],
  });
});
