import { EMPTY_ENVELOPE } from '../../../records/envelopes/open-envelope.ts';
import { FLOW_LOG_HEADER } from '../../../records/sensors/vpc-lines.ts';
import { counted } from '../../../statistics/count-text.ts';
import { CliError } from '../../cli-error.ts';
import { kindsOf } from '../../results/push-state.ts';

/** What the entries of an input turned out to be. */
export interface InputOutcome {
  /** The input's name in messages to the user. */
  readonly name: string;
  readonly format: string;
  readonly unit: string;
  readonly connections: number;
  readonly skipped: Readonly<Record<string, number>>;
  readonly invalid: number;
  /** The first invalid entry. */
  readonly firstInvalid: { readonly position: number; readonly reason: string } | undefined;
}

/** Kinds that sensors write for an interval without traffic. */
const QUIET: ReadonlySet<string> = new Set(['NODATA', 'SKIPDATA', EMPTY_ENVELOPE, FLOW_LOG_HEADER]);

function isQuiet(kind: string, format: string): boolean {
  // Zeek also has a log of that name, unrelated to connections.
  return QUIET.has(kind) || (kind === 'stats' && format === 'eve');
}

/** Advice for a log that holds only other events, by kind. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  ['eve', 'have Suricata write `flow` events too (`outputs.eve-log.types`)'],
  ['zeek-json', 'name the conn.log'],
  ['zeek-tsv', 'name the conn.log'],
]);

/**
 * Requires that an input holds something useful. The log of an hour without traffic is accepted although it has no
 * connections: only a header, an empty table or array, or entries that report no traffic.
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
