import { counted } from '../../statistics/count-text.ts';
import type { FetchedFeeds } from '../results/feeds.ts';
import { ago } from './cutover/ago.ts';
import { printable } from './terminal.ts';

/** One line with how many lists are in use and how old they are, and one with what could not be fetched. */
export function fetchedLines({ reports, lists }: FetchedFeeds, nowMs: number): string[] {
  const failed = reports.filter(
    ({ outcome, state }) => outcome === 'failed' && state.problem?.kind !== 'key-missing',
  );
  return [usedLine(lists, nowMs), ...failedLine(failed)];
}

/** The outcome for each list, and a summary line. */
export function reportedLines(fetched: FetchedFeeds): string[] {
  const each = fetched.reports
    .filter(({ outcome }) => outcome === 'refreshed' || outcome === 'unchanged')
    .map(({ feed, outcome, state }) => `${feed}: ${outcome}, ${counted(state.good?.entries ?? 0, 'entry')}`);
  return [...each, ...fetchedLines(fetched, Date.now())].map(printable);
}

/** Prints these lines on standard error, since standard output may be for a program. */
export function noteFetched(fetched: FetchedFeeds): void {
  for (const line of fetchedLines(fetched, Date.now())) process.stderr.write(`${printable(line)}\n`);
}

function usedLine(lists: FetchedFeeds['lists'], nowMs: number): string {
  if (lists.length === 0)
    return 'no lists are in use: none could be fetched, and none had been fetched before';
  const entries = lists.reduce((sum, { ranges }) => sum + ranges, 0);
  const oldest = Math.min(...lists.map(({ listedAtMs }) => listedAtMs));
  return `${counted(lists.length, 'list')} in use with ${counted(entries, 'entry')}, the oldest fetched ${ago(nowMs - oldest)} ago`;
}

function failedLine(failed: FetchedFeeds['reports']): string[] {
  const [first] = failed;
  if (first === undefined) return [];
  const problems = new Set(failed.map(({ state }) => state.problem?.kind));
  const isOffline = problems.size === 1 && problems.has('unreachable');
  const what = `${counted(failed.length, 'list')} could not be fetched`;
  if (isOffline) return [`${what}: no publisher is reachable (${first.state.problem?.detail})`];
  const each = failed.map(({ feed, state }) => `${feed}: ${state.problem?.detail}`);
  return [`${what}: ${each.join('; ')}`];
}
