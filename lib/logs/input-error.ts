import { ReportedError } from '../errors/reported-error.ts';

/** The input cannot be read as what it seems to be; the message is one line. */
export class InputError extends ReportedError {
  override readonly name = 'InputError';
  readonly code = 'input_unreadable';
}

/** There is nothing in the input. */
export class EmptyInputError extends InputError {}

/** Packed data turned out to be wrong, so that what was read of it last may be nonsense: no more than its check says. */
export class WrongDataError extends InputError {}
