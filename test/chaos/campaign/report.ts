import type { CampaignFailure, CampaignResult } from './campaign-result.ts';

const COLUMNS: readonly (readonly [string, (result: CampaignResult) => string])[] = [
  ['seed', ({ seed }) => String(seed)],
  ['records', ({ records }) => count(records)],
  ['delivered', ({ deliveredRecords }) => count(deliveredRecords)],
  ['messages', ({ messages }) => count(messages)],
  ['deliveries', ({ deliveries }) => count(deliveries)],
  ['overlaps', ({ overlaps }) => count(overlaps)],
  ['kills', ({ kills }) => count(kills)],
  ['settings', ({ settingsChanges }) => count(settingsChanges)],
  ['code', ({ codeChanges }) => count(codeChanges)],
  ['faults', ({ faults }) => count(sum(Object.values(faults)))],
  ['late', ({ lateArrivals }) => count(lateArrivals)],
  ['seconds', ({ seconds }) => count(Math.round(seconds))],
  ['discrepancies', ({ discrepancies }) => count(discrepancies)],
];

/** The final table, the faults by kind, and how to repeat the failures. */
export function reportLines(results: readonly CampaignResult[], isProcess: boolean): string[] {
  const rows = [
    COLUMNS.map(([heading]) => heading),
    ...results.map((result) => COLUMNS.map(([, of]) => of(result))),
  ];
  if (results.length > 1) rows.push(['all', ...COLUMNS.slice(1).map(([, of]) => of(totalOf(results)))]);
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const table = rows.map((row) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  '));
  const { faults } = totalOf(results);
  const byKind = Object.entries(faults)
    .sort(([, a], [, b]) => b - a)
    .map(([fault, times]) => `${fault} ${count(times)}`);
  const mode = isProcess ? ' --process' : '';
  const failures = results.flatMap(({ seed, failures: failed }) =>
    failed.flatMap((failure) => failureLines(seed, failure, mode)),
  );
  return [...table, '', `faults: ${byKind.join(', ') || 'none'}`, ...failures];
}

function failureLines(
  seed: number,
  { run, counts, discrepancies, commands, error }: CampaignFailure,
  mode: string,
): string[] {
  return [
    '',
    `seed ${seed}, run ${run}; to repeat: npm run chaos -- --seed ${seed} --run ${run}${mode}`,
    ...(error === '' ? [] : [`  ${error.split('\n', 1)[0]}`]),
    ...Object.entries(counts).map(([what, times]) => `  ${count(times)} x ${what}`),
    ...discrepancies.slice(0, 8).map(({ what, detail }) => `    ${what}: ${detail}`),
    `  ${commands}`,
  ];
}

/** All campaigns added up. */
function totalOf(results: readonly CampaignResult[]): CampaignResult {
  const faults: Record<string, number> = {};
  for (const result of results) {
    for (const [fault, times] of Object.entries(result.faults)) faults[fault] = (faults[fault] ?? 0) + times;
  }
  const [first] = results;
  if (first === undefined) throw new RangeError('there are no results');
  const numbers = Object.entries(first).filter(([, value]) => typeof value === 'number');
  const sums = numbers.map(([name]) => [
    name,
    sum(results.map((result) => Number(result[name as 'records']))),
  ]);
  return {
    ...first,
    ...Object.fromEntries(sums),
    faults,
    failures: results.flatMap(({ failures }) => failures),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
