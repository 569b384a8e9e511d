import { createZstdDecompress } from 'node:zlib';
import { Unpacking } from './unpacking.ts';

const CHUNK_BYTES = 262_144;
/** Packed bytes that are unpacked at a time: little, since they may become a thousand times as many. */
const PIECE_BYTES = 16_384;

/**
 * Unpacks Zstandard. A file may consist of several frames, put together or made by several threads; Node's own stream
 * ends after the first and says nothing about the rest.
 *
 * @throws Error with a code of zlib's where the data is damaged or cut short, after all that came before
 */
export async function* unpackZstandard(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let frame = newFrame();
  try {
    for await (const chunk of chunks) {
      let rest = chunk;
      while (rest.length > 0) {
        const consumed = await frame.feed(rest.subarray(0, PIECE_BYTES));
        yield* frame.takeOutput();
        rest = rest.subarray(consumed);
        if (frame.hasEnded) frame = newFrame();
      }
    }
    if (frame.isEmpty) return;
    await frame.end();
  } catch (error) {
    yield* frame.takeOutput();
    throw error;
  } finally {
    frame.destroy();
  }
  yield* frame.takeOutput();
}

function newFrame(): Unpacking {
  return new Unpacking(createZstdDecompress({ chunkSize: CHUNK_BYTES }));
}
