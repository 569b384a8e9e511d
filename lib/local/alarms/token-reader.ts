/** Reads the tokens of a text one by one. */
export class TokenReader {
  readonly #tokens: readonly string[];
  readonly #error: (reason: string) => Error;
  #next = 0;

  /**
   * @param token matches one token, in its only capturing group, and the blanks before it
   * @param error creates the error to throw, from a reason
   * @throws what `error` creates, if part of the text is not a token
   */
  constructor(text: string, token: RegExp, error: (reason: string) => Error) {
    this.#error = error;
    const matches = [...text.matchAll(new RegExp(token, 'gy'))];
    const end = matches.reduce((length, [matched]) => length + matched.length, 0);
    const rest = text.slice(end).trim();
    if (rest !== '') throw error(`unexpected ${rest}`);
    this.#tokens = matches.map(([, matched = '']) => matched);
  }

  /** The next token, without consuming it; undefined at the end. */
  get next(): string | undefined {
    return this.#tokens[this.#next];
  }

  /** Consumes the next token. @throws what `error` creates, at the end */
  take(): string {
    const token = this.#tokens[this.#next++];
    if (token === undefined) throw this.wrong('unexpected end');
    return token;
  }

  /** Consumes the next token if it is this one. */
  takes(token: string): boolean {
    if (this.next?.toUpperCase() !== token) return false;
    this.#next++;
    return true;
  }

  /** Consumes the next token. @throws what `error` creates, if it is another one */
  expect(token: string): void {
    const found = this.#tokens[this.#next++];
    if (found !== token) throw this.wrong(`expected ${token}, got ${found ?? 'the end'}`);
  }

  /** @throws what `error` creates, if tokens are left */
  end(): void {
    if (this.next !== undefined) throw this.wrong(`unexpected ${this.next}`);
  }

  wrong(reason: string): Error {
    return this.#error(reason);
  }
}
