import type { Transform } from 'node:stream';
import type { Gunzip, ZstdDecompress } from 'node:zlib';

/**
 * Decompresses piece by piece and returns each piece's output at once, so that everything before damaged data has been
 * returned when the error is thrown.
 */
export class Unpacking {
  readonly #stream: Gunzip | ZstdDecompress;
  readonly #ended: Promise<true>;
  #output: Buffer[] = [];
  hasEnded = false;

  constructor(stream: (Gunzip | ZstdDecompress) & Transform) {
    this.#stream = stream;
    const { promise, resolve, reject } = Promise.withResolvers<true>();
    this.#ended = promise;
    promise.catch(() => {});
    stream.on('data', (data: Buffer) => this.#output.push(data));
    stream.on('error', reject);
    stream.on('end', () => {
      this.hasEnded = true;
      resolve(true);
    });
  }

  get isEmpty(): boolean {
    return this.#stream.bytesWritten === 0;
  }

  /**
   * Waits until the stream has consumed a piece, or has ended within it.
   *
   * @returns how many bytes belonged to the stream
   * @throws Error with one of zlib's codes if the data is damaged
   */
  async feed(piece: Buffer): Promise<number> {
    const before = this.#stream.bytesWritten;
    const taken = new Promise<unknown>((resolve) => this.#stream.write(piece, resolve));
    await Promise.race([taken, this.#ended]);
    if (this.#stream.errored) await this.#ended;
    return this.hasEnded ? this.#stream.bytesWritten - before : piece.length;
  }

  takeOutput(): readonly Buffer[] {
    const output = this.#output;
    this.#output = [];
    return output;
  }

  /** @throws Error with one of zlib's codes if the data is truncated */
  async end(): Promise<void> {
    this.#stream.end();
    await this.#ended;
  }

  destroy(): void {
    this.#stream.destroy();
  }
}
