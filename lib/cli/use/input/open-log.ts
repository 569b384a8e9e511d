import { InputError, WrongDataError } from '../../../logs/input-error.ts';
import type { Log } from '../../../logs/log.ts';
import type { LogFormat } from '../../../logs/log-format.ts';
import { readLog } from '../../../logs/read-log.ts';
import type { Input } from './open-input.ts';

/**
 * Opens a log for reading, and names its input in every error.
 *
 * @param format of the log; detected from its beginning by default
 * @throws {InputError} if it is not a log, or later if it is damaged
 */
export async function openLog(input: Input, format: LogFormat | undefined): Promise<Log> {
  try {
    const log = await readLog(input, { format });
    return { ...log, entries: named(log.entries, input.name) };
  } catch (error) {
    throw withName(error, input.name);
  }
}

async function* named<Element>(entries: AsyncIterable<Element>, name: string): AsyncGenerator<Element> {
  try {
    yield* entries;
  } catch (error) {
    throw withName(error, name);
  }
}

function withName(error: unknown, name: string): unknown {
  if (!(error instanceof InputError)) return error;
  const Kind = error instanceof WrongDataError ? WrongDataError : InputError;
  return new Kind(`${name}: ${error.message}`, { cause: error });
}
