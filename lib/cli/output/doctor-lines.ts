import { counted } from '../../statistics/count-text.ts';
import type { CheckResult, Outcome } from '../results/doctor.ts';
import { printable, styled } from './terminal.ts';

const STYLES = { pass: 'green', warn: 'yellow', fail: 'red', skipped: 'dim' } as const satisfies Record<
  Outcome,
  Parameters<typeof styled>[0]
>;

const OUTCOME_WIDTH = 8;
const NAME_WIDTH = 23;

/** A result for a human: what was found, and what to do about it. */
export function resultLines({ outcome, name, text, todo }: CheckResult): string[] {
  const label = outcome === 'fail' ? 'FAIL' : outcome;
  const found = `${styled(STYLES[outcome], label.padEnd(OUTCOME_WIDTH))}${name.padEnd(NAME_WIDTH)}${printable(text)}`;
  const indent = ' '.repeat(OUTCOME_WIDTH);
  return todo === undefined ? [found] : [found, `${indent}${styled('dim', `-> ${printable(todo)}`)}`];
}

/** A summary of all checks, in one line. */
export function conclusionLine(results: readonly CheckResult[]): string {
  const counts = countsOf(results);
  const parts = [
    `${counts.pass} passed`,
    ...(counts.warn > 0 ? [`${counted(counts.warn, 'warning')}`] : []),
    ...(counts.fail > 0 ? [`${counts.fail} failed`] : []),
    ...(counts.skipped > 0 ? [`${counts.skipped} skipped`] : []),
  ];
  return `${counted(results.length, 'check')}: ${parts.join(', ')}`;
}

/** All results as one JSON object, for programs. */
export function resultsJson(environment: string | undefined, results: readonly CheckResult[]): string {
  const { pass, warn, fail, skipped } = countsOf(results);
  return JSON.stringify({
    ...(environment !== undefined && { environment }),
    passed: pass,
    warnings: warn,
    failed: fail,
    skipped,
    checks: results.map(({ name, outcome, text, todo }) => ({ name, outcome, text, ...(todo && { todo }) })),
  });
}

function countsOf(results: readonly CheckResult[]): Record<Outcome, number> {
  const counts = { pass: 0, warn: 0, fail: 0, skipped: 0 };
  for (const { outcome } of results) counts[outcome]++;
  return counts;
}
