/** Reads the tokens of one text, one after the other. */
export class TokenReader {
  readonly #tokens: readonly string[];
  readonly #error: (reason: string) => Error;
  #next = 0;

  /**
   * @param token matches one token, in its only capturing group, and the blanks before it
   * @param error makes the error to throw of a reason
   * @throws what `error` makes, where part of the text is no token
   */
  constructor(text: string, token: RegExp, error: (reason: string) => Error) {
    this.#error = error;
    const matches = [...text.matchAll(new RegExp(token, 'gy'))];
    const end = matches.reduce((length, [matched]) => length + matched.length, 0);
    const rest = text.slice(end).trim();
    if (rest !== '') throw error(`unexpected ${rest}`);
    this.#tokens = matches.map(([, matched = '']) => matched);
  }

  /** The next token, not yet taken; undefined at the end. */
  get next(): string | undefined {
    return this.#tokens[this.#next];
  }

  /** Takes the next token. @throws what `error` makes, at the end */
  take(): string {
    const token = this.#tokens[this.#next++];
    if (token === undefined) throw this.wrong('unexpected end');
    return token;
  }

  /** Takes the next token if it is this one. */
  takes(token: string): boolean {
    if (this.next?.toUpperCase() !== token) return false;
    this.#next++;
    return true;
  }

  /** Takes the next token. @throws what `error` makes, if it is another one */
  expect(token: string): void {
    const found = this.#tokens[this.#next++];
    if (found !== token) throw this.wrong(`expected ${token}, got ${found ?? 'the end'}`);
  }

  /** @throws what `error` makes, if tokens are left */
  end(): void {
    if (this.next !== undefined) throw this.wrong(`unexpected ${this.next}`);
  }

  wrong(reason: string): Error {
    return this.#error(reason);
  }
}
