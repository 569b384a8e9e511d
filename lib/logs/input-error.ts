import { ReportedError } from '../errors/reported-error.ts';

/** The input cannot be read as the format it seems to be in; the message is one line. */
export class InputError extends ReportedError {
  override readonly name = 'InputError';
  readonly code = 'input_unreadable';
}

/** The input is empty. */
export class EmptyInputError extends InputError {}

/** Compressed data failed its checksum, so the last entries read from it may be garbage. */
export class WrongDataError extends InputError {}
