import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { withFile } from '../../../files/file-error.ts';
import { replaceFile, requireOrdinaryFile } from '../../../files/output-file.ts';
import { LOG_FORMATS, type LogFormat } from '../../../logs/log-format.ts';
import type { Totals } from '../../../logs/totals.ts';
import type { WindowSize } from '../../../logs/windows.ts';
import { CliError } from '../../cli-error.ts';

const count = z.int().min(0);

const checkpoint = z.strictObject({
  version: z.literal(1),
  format: z.enum(LOG_FORMATS),
  home: z.array(z.string()),
  /** Whether each record is its own message. */
  single: z.boolean(),
  /** Totals up to the end of a window, and its position. */
  totals: z.strictObject({
    read: count,
    endPosition: count,
    skipped: z.record(z.string(), count),
    invalid: count,
    sent: count,
    messages: count,
    bytes: count,
  }),
  requests: count,
  /** The last window: its number of entries and the hash of its messages, by which the input is recognised. */
  last: z.strictObject({ read: count, fingerprint: z.string() }),
  /** Length of the rejects file at that time. */
  rejectsBytes: count,
  /** Window size. Checkpoints without it were written when windows held 20,000 entries. */
  window: z
    .strictObject({ entries: count, characters: count })
    .default({ entries: 20_000, characters: 2 ** 25 }),
});

/** Progress of a push, from which another can continue: always the end of a window. */
export interface Checkpoint {
  readonly version: 1;
  readonly format: LogFormat;
  readonly home: readonly string[];
  readonly single: boolean;
  readonly totals: Totals;
  readonly requests: number;
  readonly last: { readonly read: number; readonly fingerprint: string };
  readonly rejectsBytes: number;
  readonly window: WindowSize;
}

const WHAT = 'the checkpoint';

/**
 * Reads a checkpoint.
 *
 * @returns undefined if there is none yet
 * @throws {FileError} if the file can't be read
 * @throws {CliError} if the file is not a checkpoint
 */
export function readCheckpoint(path: string): Checkpoint | undefined {
  const use = { action: 'read', path, what: WHAT } as const;
  // Reading a device may never end.
  requireOrdinaryFile(use);
  const text = withFile(use, () => readIfThere(path));
  if (text === undefined) return undefined;
  try {
    return checkpoint.parse(JSON.parse(text));
  } catch (cause) {
    throw new CliError(`${path} is not a checkpoint of a push: name another file, or remove it`, 1, {
      cause,
    });
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}

/** Replaces the file atomically. @throws {FileError} */
export function writeCheckpoint(path: string, value: Checkpoint): void {
  replaceFile(path, `${JSON.stringify(value)}\n`, { what: WHAT, mustBeOrdinary: true });
}
