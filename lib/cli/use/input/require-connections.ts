import { EMPTY_ENVELOPE } from '../../../records/envelopes/open-envelope.ts';
import { FLOW_LOG_HEADER } from '../../../records/sensors/vpc-lines.ts';
import { counted } from '../../../statistics/count-text.ts';
import { CliError } from '../../cli-error.ts';
import { kindsOf } from '../../results/push-state.ts';

/** What the entries of a whole input turned out to be. */
export interface InputOutcome {
  /** What the input is called in messages to the user. */
  readonly name: string;
  readonly format: string;
  readonly unit: string;
  readonly connections: number;
  readonly skipped: Readonly<Record<string, number>>;
  readonly invalid: number;
  /** The first invalid entry. */
  readonly firstInvalid: { readonly position: number; readonly reason: string } | undefined;
}

/** What sensors write of a time without traffic. */
const QUIET: ReadonlySet<string> = new Set(['NODATA', 'SKIPDATA', EMPTY_ENVELOPE, FLOW_LOG_HEADER]);

function isQuiet(kind: string, format: string): boolean {
  // Zeek has a log of that name, which is another one than the connections'.
  return QUIET.has(kind) || (kind === 'stats' && format === 'eve');
}

/** What to do where a log of a kind holds other events alone. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  ['eve', 'have Suricata write `flow` events too (`outputs.eve-log.types`)'],
  ['zeek-json', 'name the conn.log'],
  ['zeek-tsv', 'name the conn.log'],
]);

/**
 * Requires that an input holds something of use. The log of a quiet hour does, although it has no connections: a header
 * alone, an empty table or array, entries that say that there was no traffic.
 *
 * @throws {CliError} if it does not
 */
export function requireConnections(outcome: InputOutcome): void {
  const { name, format, unit, connections, skipped, invalid, firstInvalid } = outcome;
  if (connections > 0) return;
  if (invalid > 0) {
    const first =
      firstInvalid === undefined ? '' : `, ${unit} ${firstInvalid.position}: ${firstInvalid.reason}`;
    throw new CliError(
      `nothing in ${name} is a valid connection, read as ${format} (${counted(invalid, 'invalid entry')}${first})`,
    );
  }
  if (Object.keys(skipped).every((kind) => isQuiet(kind, format))) return;
  const advice = ADVICE.get(format);
  throw new CliError(
    `${name} holds no connections, but ${kindsOf(skipped)}${advice === undefined ? '' : `: ${advice}`}`,
  );
}
