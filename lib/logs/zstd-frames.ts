import { createZstdDecompress } from 'node:zlib';
import { Unpacking } from './unpacking.ts';

const CHUNK_BYTES = 262_144;
/** Compressed bytes processed at a time: few, since they may expand a thousandfold. */
const PIECE_BYTES = 16_384;

/**
 * Decompresses Zstandard. A file may have several frames, from concatenation or multi-threaded compression; Node's own
 * stream stops silently after the first.
 *
 * @throws Error with one of zlib's codes if the data is damaged or truncated, after yielding everything before it
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
