import { InvalidArgumentError, Option } from 'commander';
import { parseTimestamp } from '../../records/timestamp.ts';

const UNIT_MS = { h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const LONGEST_MS = 3_650 * UNIT_MS.d;

/** The option `--expires`, epoch milliseconds. */
export function expiryOption(): Option {
  return new Option('--expires <when>', 'when it expires: 12h, 30d, 8w or a time (default: never)').argParser(
    (text) => parseExpiry(text),
  );
}

/** Reads `12h`, `30d`, `8w` or an ISO 8601 time as a point in the future, epoch milliseconds. */
function parseExpiry(text: string, nowMs = Date.now()): number {
  const expiry = relative(text, nowMs) ?? absolute(text);
  if (expiry <= nowMs) throw new InvalidArgumentError('that is in the past.');
  if (expiry <= nowMs + LONGEST_MS) return expiry;
  throw new InvalidArgumentError('that is more than 3650 days ahead.');
}

function relative(text: string, nowMs: number): number | undefined {
  const match = /^(\d{1,6})([hdw])$/.exec(text);
  return match === null ? undefined : nowMs + Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
}

function absolute(text: string): number {
  try {
    return parseTimestamp(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text) * 1000;
  } catch {
    throw new InvalidArgumentError('expected 12h, 30d, 8w or a time such as 2027-01-31T12:00:00Z.');
  }
}
