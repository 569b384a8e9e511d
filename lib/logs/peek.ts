/** The beginning of an input, and the whole input. */
export interface Peeked {
  readonly head: Buffer;
  readonly chunks: AsyncIterable<Buffer>;
}

/** Reads enough of an input to identify it, or all of it if it is shorter. */
export async function peek(
  chunks: AsyncIterable<Buffer | string>,
  isEnough: (head: Buffer) => boolean,
): Promise<Peeked> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (!isEnough(head)) {
    const { value, done } = await iterator.next();
    if (done === true) break;
    head = Buffer.concat([head, toBuffer(value)]);
  }
  return { head, chunks: wholeOf(head, iterator) };
}

async function* wholeOf(head: Buffer, rest: AsyncIterator<Buffer | string>): AsyncGenerator<Buffer> {
  try {
    yield head;
    for (;;) {
      const { value, done } = await rest.next();
      if (done === true) return;
      yield toBuffer(value);
    }
  } finally {
    // Closes the file if the reader stops early.
    await rest.return?.();
  }
}

function toBuffer(chunk: Buffer | string): Buffer {
  return typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}
