import type { LeftOutKind } from '../../intelligence/lists/reading/list-entry.ts';
import { counted, grouped } from '../../statistics/count-text.ts';
import type { FeedTry, ImportFigures, LeftOutEntry, ListInUse, ListsInUse } from '../results/lists.ts';
import { ago } from './cutover/ago.ts';
import { printable } from './terminal.ts';

const LEFT_OUT_SHOWN = 10;

/** How each reason for leaving an entry out is counted, in the order of the report. */
const LEFT_OUT: Readonly<Record<LeftOutKind, (count: number) => string>> = {
  private: (count) => `${grouped(count)} private`,
  loopback: (count) => `${grouped(count)} loopback`,
  'link-local': (count) => `${grouped(count)} link-local`,
  multicast: (count) => `${grouped(count)} multicast`,
  reserved: (count) => `${grouped(count)} reserved`,
  home: (count) => `${grouped(count)} in the home networks`,
  resolver: (count) => counted(count, 'public resolver'),
  name: (count) => counted(count, 'host name'),
  'too-large': (count) => `${grouped(count)} too large`,
  unreadable: (count) => `${grouped(count)} unreadable`,
};

/** The result of an import, for a human. */
export function importLines({ replaced, ...list }: ImportFigures): string[] {
  return [listLine(list, replaced > 0 ? `, replacing ${addressCount(replaced)}` : '')];
}

function listLine(list: ListInUse, instead = ''): string {
  const { source, addresses, ranges, expires_at } = list;
  const inRanges = ranges < addresses ? ` in ${counted(ranges, 'range')}` : '';
  return `${source}: ${addressCount(addresses)}${inRanges}${instead}; ${traitsText(list)}; in use until ${expires_at}`;
}

function traitsText({ source, kind, family, weight, half_life_days }: ListInUse): string {
  const weighing = weight === 1 ? '' : `, weight ${weight}`;
  const copying = family === source ? '' : `, family ${family}`;
  return `${kind}${weighing}${copying}, half-life ${counted(half_life_days, 'day')}`;
}

function addressCount(addresses: number): string {
  return addresses === Number.MAX_SAFE_INTEGER ? 'more than 2^53 addresses' : counted(addresses, 'address');
}

/** What was left out of a list: how much, why, and the first entries. */
export function leftOutLines(counts: ImportFigures['left_out'], leftOut: readonly LeftOutEntry[]): string[] {
  if (leftOut.length === 0) return [];
  const shown = leftOut
    .slice(0, LEFT_OUT_SHOWN)
    .map(({ unit, position, reason }) => `  ${unit} ${position}: ${printable(reason)}`);
  const more = leftOut.length - LEFT_OUT_SHOWN;
  return [
    `left out ${grouped(leftOut.length)}: ${kindsText(counts)}`,
    ...shown,
    ...(more > 0 ? [`  and ${grouped(more)} more; --json lists all of them`] : []),
  ];
}

function kindsText(counts: ImportFigures['left_out']): string {
  const kinds = Object.entries(LEFT_OUT).flatMap(([kind, text]) => {
    const count = counts[kind as LeftOutKind];
    return count === undefined ? [] : [text(count)];
  });
  return kinds.join(', ');
}

/** An import as one JSON object, for programs. */
export function importJson(figures: ImportFigures, leftOut: readonly LeftOutEntry[]): string {
  const entries = leftOut.map(({ unit, position, kind, reason }) => ({ [unit]: position, kind, reason }));
  return JSON.stringify({ ...figures, left_out_entries: entries });
}

/** The lists in use, for a human. */
export function listLines({ lists, without }: ListsInUse, nowMs: number): string[] {
  return [
    ...(lists.length === 0 ? ['no lists are in use'] : []),
    ...lists.flatMap((list) => [listLine(list), ...detailLines(list, nowMs)]),
    ...without.flatMap(({ source, feed }) => [`${source}: no list is in use`, ...tryLines(feed, nowMs)]),
  ];
}

function detailLines({ left_out, feed }: ListsInUse['lists'][number], nowMs: number): string[] {
  const kinds = kindsText(left_out);
  return [
    ...(kinds === '' ? [] : [`  left out ${kinds}`]),
    ...(feed === undefined ? [] : tryLines(feed, nowMs)),
  ];
}

function tryLines({ last_try_at, fetched_at, entries, failures, detail }: FeedTry, nowMs: number): string[] {
  const since = (time: string) => `${ago(nowMs - Date.parse(time))} ago`;
  const good =
    fetched_at === undefined
      ? 'never fetched'
      : `fetched ${since(fetched_at)}, ${counted(entries ?? 0, 'entry')}`;
  if (detail === undefined) return [`  ${good}`];
  const times = failures > 1 ? ` for the ${failures}. time` : '';
  return [`  ${good}; the last attempt, ${since(last_try_at)}, failed${times}: ${printable(detail)}`];
}

/** A list as one JSON object, for programs. */
export function listJson(list: ListsInUse['lists'][number] | ListsInUse['without'][number]): string {
  return JSON.stringify(list);
}
