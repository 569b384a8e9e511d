import type { Transform } from 'node:stream';
import type { Gunzip, ZstdDecompress } from 'node:zlib';

/**
 * Unpacks piece by piece, and hands out at once what a piece came to: where the data turns out to be damaged, all that
 * came before is out.
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
   * Waits until the stream has taken a piece, or has ended within it.
   *
   * @returns how many bytes were the stream's
   * @throws Error with a code of zlib's where the data is damaged
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

  /** @throws Error with a code of zlib's where the data is cut short */
  async end(): Promise<void> {
    this.#stream.end();
    await this.#ended;
  }

  destroy(): void {
    this.#stream.destroy();
  }
}
