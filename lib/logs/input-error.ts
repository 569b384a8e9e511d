/** The input cannot be read as what it seems to be; the message is one line. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
