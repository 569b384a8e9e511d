import { packMessages } from '../../logs/packing.ts';
import { remoteEndpoint } from '../../records/endpoint.ts';
import type { IsLocal } from '../../records/locality.ts';
import type { LabelledConnection } from './labelled-log.ts';

/** How a log's connections are grouped into storage units. */
export interface UnitScheme {
  readonly name: string;
  readonly cut: (
    log: readonly LabelledConnection[],
    isLocal: IsLocal,
  ) => Iterable<readonly LabelledConnection[]>;
}

/** Entries in a window of `push`. */
const WINDOW_ENTRIES = 60_000;

/**
 * How connections reach the service: packed by `push`, in messages that a shipper fills in order of time, and one per
 * message with this many in an invocation.
 */
export const UNIT_SCHEMES: readonly UnitScheme[] = [
  { name: 'the whole log', cut: (log) => [log] },
  { name: 'packed by push', cut: packed },
  { name: '1,000 in order of time', cut: (log) => pieces(log, 1_000) },
  { name: '5,000 singles a batch', cut: (log) => pieces(log, 5_000) },
  { name: '500 singles a batch', cut: (log) => pieces(log, 500) },
  { name: '50 singles a batch', cut: (log) => pieces(log, 50) },
];

function* packed(
  log: readonly LabelledConnection[],
  isLocal: IsLocal,
): Generator<readonly LabelledConnection[]> {
  for (const window of pieces(log, WINDOW_ENTRIES)) {
    const packable = window.map((connection) => ({
      connection,
      text: JSON.stringify(connection.record),
      group: remoteEndpoint(connection.record, isLocal).address,
    }));
    for (const { records } of packMessages(packable)) yield records.map(({ connection }) => connection);
  }
}

function* pieces(log: readonly LabelledConnection[], size: number): Generator<readonly LabelledConnection[]> {
  for (let start = 0; start < log.length; start += size) yield log.slice(start, start + size);
}
