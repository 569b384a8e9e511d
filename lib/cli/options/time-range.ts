import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseTimestamp } from '../../records/timestamp.ts';

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** How far back time ranges may reach: the longest retention. Each day costs a few queries. */
const LONGEST_MS = 3_650 * UNIT_MS.d;

/** Reads `90m`, `24h`, `7d`, `2w` or an ISO 8601 time as a point in time, epoch milliseconds. */
export function parseSince(text: string, nowMs = Date.now()): number {
  const since = relative(text, nowMs) ?? absolute(text);
  if (since > nowMs) throw new InvalidArgumentError('that is in the future.');
  if (since >= nowMs - LONGEST_MS) return since;
  throw new InvalidArgumentError('that is more than 3650 days ago: nothing is kept that long.');
}

/** Reads the time of an event: any time in the past, or in the future if a sensor's clock is wrong. */
export function parseSeen(text: string, nowMs = Date.now()): number {
  return relative(text, nowMs) ?? absolute(text);
}

function relative(text: string, nowMs: number): number | undefined {
  const match = /^(\d{1,6})([mhdw])$/.exec(text);
  return match === null ? undefined : nowMs - Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
}

function absolute(text: string): number {
  try {
    return parseTimestamp(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text) * 1000;
  } catch {
    throw new InvalidArgumentError('expected 90m, 24h, 7d, 2w or a time such as 2026-01-31T12:00:00Z.');
  }
}

/** Adds the options that filter by when events were seen, regardless of when they arrived. */
export function withSeenRange(command: Command): Command {
  return command
    .addOption(
      new Option('--seen-since <when>', 'connections seen since then, by their own timestamps').argParser(
        (text) => parseSeen(text),
      ),
    )
    .addOption(
      new Option('--seen-until <when>', 'connections seen before then').argParser((text) => parseSeen(text)),
    );
}

/** The option `--until`; without it, until now. */
export function untilOption(meaning: string): Option {
  return new Option('--until <when>', `${meaning}: as --since`).argParser((text) => parseSince(text));
}

/** The option `--since`; help shows its default as written. */
export function sinceOption(meaning: string, byDefault?: string): Option {
  const option = new Option('--since <when>', `${meaning}: 90m, 24h, 7d, 2w, or a time`).argParser((text) =>
    parseSince(text),
  );
  return byDefault === undefined ? option : option.default(parseSince(byDefault), byDefault);
}
