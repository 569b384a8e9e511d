import { changeOf, type ReplayResult, type ScoreChange } from '../../assessment/replay.ts';
import { ENGINE_VERSION } from '../../consensus/engine-version.ts';
import { cutoverText } from '../../cutover/plan-change.ts';
import type { Settings } from '../../cutover/settings.ts';
import { counted, grouped } from '../../statistics/count-text.ts';
import { countFlips } from '../../statistics/flips.ts';
import type { Totals } from '../../statistics/unit-tally.ts';
import type { Assessment } from '../../store/assessment.ts';
import { histogramLines } from './histogram.ts';
import { printable, styled } from './terminal.ts';

/** The result of a replay, for a human. */
export function replayLines(result: ReplayResult, settings: Settings, since: string): string[] {
  const { replayed, changed, diverging } = result;
  if (replayed === 0) return [`nothing has been scored since ${since}`];
  const { newlyMalicious, noLongerMalicious } = countFlips(result.flips);
  const engines = Object.entries(result.engine_versions).map(
    ([version, count]) => `${version} (${grouped(count)})`,
  );
  return [
    styled(
      'bold',
      `Since ${since}: ${counted(replayed, 'assessment')}, scored again by ${cutoverText(settings)}`,
    ),
    `engine ${ENGINE_VERSION}; then ${engines.map(printable).join(', ')}`,
    '',
    styled('bold', `${''.padEnd(24)}${'then'.padStart(9)}${'now'.padStart(9)}`),
    ...(['consensus', 'legacy', 'fallback'] as const).map((by) =>
      row(`scored by ${by}`, result.scored_by[by].before, result.scored_by[by].after),
    ),
    ...COUNTS.map(([name, key]) => row(name, result.before[key], result.after[key])),
    `${'average score'.padEnd(24)}${average(result.before)}${average(result.after)}`,
    '',
    `${counted(changed, 'score')} would change, ${grouped(diverging)} by more than ${settings.divergenceThreshold}`,
    `${grouped(newlyMalicious)} newly malicious, ${grouped(noLongerMalicious)} no longer malicious`,
    '',
    styled('bold', 'How far scores would move'),
    ...histogramLines(result.change_histogram),
    ...largestLines(result.largest),
  ];
}

const COUNTS = [
  ['malicious', 'malicious'],
  ['high uncertainty', 'high_uncertainty'],
  ['consensus failures', 'consensus_failures'],
] as const;

function row(name: string, before: number, after: number): string {
  return `${name.padEnd(24)}${grouped(before).padStart(9)}${grouped(after).padStart(9)}`;
}

function average({ score_sum, assessments }: Totals): string {
  return (score_sum / assessments).toFixed(3).padStart(9);
}

function largestLines(largest: readonly ScoreChange[]): string[] {
  if (largest.length === 0) return [];
  return ['', styled('bold', 'Largest changes'), ...largest.flatMap(changeLines)];
}

function changeLines({ address, dst_port, protocol, before, after }: ScoreChange): string[] {
  const port = dst_port === undefined ? '' : `  ${dst_port}/${printable(protocol ?? '')}`;
  const reasons = Object.entries(after.votes).map(
    ([name, { score, reasoning }]) =>
      `        ${name.padEnd(12)} ${score.toFixed(3)}  ${printable(reasoning)}`,
  );
  return [`  ${scoreText(before)} to ${scoreText(after)}  ${styled('bold', address)}${port}`, ...reasons];
}

function scoreText({ threat_score, scored_by }: Assessment): string {
  return `${threat_score.toFixed(3)} (${scored_by})`;
}

/** The result of a replay as one JSON object, for programs. */
export function replayJson(result: ReplayResult, settings: Settings, since: string): string {
  const { largest, ...figures } = result;
  return JSON.stringify({
    since,
    settings,
    engine_version: ENGINE_VERSION,
    ...figures,
    largest: largest.map((change) => ({ ...change, change: changeOf(change) })),
  });
}
