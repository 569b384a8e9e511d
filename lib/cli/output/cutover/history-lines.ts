import type { PastValue } from '../../../cutover/parameter-history.ts';
import { cutoverText } from '../../../cutover/plan-change.ts';
import { readSettings, type Settings } from '../../../cutover/settings.ts';
import { printable, styled } from '../terminal.ts';
import { changedKeys } from './changed-keys.ts';

/** An earlier value for a human: when, what it was, what it changed, by whom and why. */
function pastValueLines(past: PastValue, previous: PastValue | undefined): string[] {
  const read = readSettings(past.value);
  const when = new Date(past.changedAtMs).toISOString();
  const what = read.ok ? titleOf(read.settings) : styled('red', `invalid: ${printable(read.reason)}`);
  const changes = changesOf(past, previous);
  return [
    `  ${`v${past.version}`.padEnd(6)}${when}  ${styled('bold', what)}`,
    ...changes.map((change) => `        ${change}`),
    ...(past.description === '' ? [] : [`        ${printable(past.description)}`]),
    ...(past.changedBy === '' ? [] : [styled('dim', `        by ${printable(past.changedBy)}`)]),
  ];
}

function titleOf(settings: Settings): string {
  return `${cutoverText(settings)}${settings.forced === true ? ', forced' : ''}`;
}

/** What changed apart from what the title shows. */
function changesOf(past: PastValue, previous: PastValue | undefined): string[] {
  const [now, before] = [past, previous].map((each) => each && readSettings(each.value));
  return now?.ok && before?.ok ? changedKeys(before.settings, now.settings) : [];
}

/** An earlier value as one JSON object, for programs. */
function pastValueJson({ version, changedAtMs, changedBy, description, value }: PastValue): string {
  const read = readSettings(value);
  const settings = read.ok ? read.settings : { invalid: read.reason, value };
  return JSON.stringify({
    version,
    changed_at: changedAtMs,
    changed_by: changedBy,
    description,
    ...settings,
  });
}

/** All earlier values for a human, latest first, each with what it changed; one line if there are none. */
export function historyLines(history: readonly PastValue[], limit: number, name: string): string[] {
  if (history.length === 0)
    return [`${name} was never set, or was reset since: the initial settings are in force`];
  const latest = history.toReversed().slice(0, limit);
  return latest.flatMap((past, n) => pastValueLines(past, history[history.length - n - 2]));
}

/** The latest earlier values as JSON objects, for programs. */
export function historyJson(history: readonly PastValue[], limit: number): string[] {
  return history.toReversed().slice(0, limit).map(pastValueJson);
}
