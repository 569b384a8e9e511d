import { createZstdDecompress } from 'node:zlib';

const CHUNK_BYTES = 262_144;
/** Packed bytes that are unpacked at a time: little, since they may become a thousand times as many. */
const PIECE_BYTES = 16_384;

/**
 * Unpacks Zstandard. A file may consist of several frames, put together or made by several threads; Node's own stream
 * ends after the first and says nothing about the rest.
 *
 * @throws Error with a code of zlib's where the data is damaged or cut short
 */
export async function* unpackZstandard(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let frame = new Frame();
  try {
    for await (const chunk of chunks) {
      let rest = chunk;
      while (rest.length > 0) {
        const consumed = await frame.feed(rest.subarray(0, PIECE_BYTES));
        yield* frame.takeOutput();
        rest = rest.subarray(consumed);
        if (frame.hasEnded) frame = new Frame();
      }
    }
    if (frame.isEmpty) return;
    await frame.end();
    yield* frame.takeOutput();
  } finally {
    frame.destroy();
  }
}

class Frame {
  readonly #stream = createZstdDecompress({ chunkSize: CHUNK_BYTES });
  readonly #ended: Promise<true>;
  #output: Buffer[] = [];
  hasEnded = false;

  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers<true>();
    this.#ended = promise;
    promise.catch(() => {});
    this.#stream.on('data', (data: Buffer) => this.#output.push(data));
    this.#stream.on('error', reject);
    this.#stream.on('end', () => {
      this.hasEnded = true;
      resolve(true);
    });
  }

  get isEmpty(): boolean {
    return this.#stream.bytesWritten === 0;
  }

  /** Waits until the frame has taken a piece, or has ended within it; returns how many bytes were the frame's. */
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

  async end(): Promise<void> {
    this.#stream.end();
    await this.#ended;
  }

  destroy(): void {
    this.#stream.destroy();
  }
}
