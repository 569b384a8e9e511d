const NUL = 0x00;
/** As long as a chunk of a decompressed file. */
const NULS = Buffer.alloc(262_144);
/** Fewer zero bytes may be half a character. */
const MIN_NULS = 4;
/** Enough to see whether every other byte is zero. */
const ENCODING_BYTES = 16;

/** A text's encoding, as named by `TextDecoder`. UTF-16 without a byte order mark is recognised by its zero bytes. */
function encodingOf(head: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  // Followed by two zeros it would be UTF-32, which nothing writes.
  if (head[0] === 0xff && head[1] === 0xfe)
    return head[2] === NUL && head[3] === NUL ? undefined : 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const sample = head.subarray(0, ENCODING_BYTES);
  if (sample.length < 8) return undefined;
  const [isLittle, isBig] = [1, 0].map((zero) =>
    sample.every((byte, index) => (index % 2 === zero ? byte === NUL : byte >= 0x09 && byte < 0x7f)),
  );
  if (isLittle) return 'utf-16le';
  return isBig ? 'utf-16be' : undefined;
}

/**
 * Converts UTF-16 to UTF-8, and drops zero bytes at the beginning: a sensor that keeps its write position leaves them
 * after `logrotate` has truncated the file (`copytruncate`). Anything else passes through unchanged.
 *
 * @param head the first bytes, at least 16 if the input is that long
 */
export function inUtf8(chunks: AsyncIterable<Buffer>, head: Buffer): AsyncIterable<Buffer> {
  const encoding = encodingOf(head);
  if (encoding !== undefined) return transcoded(chunks, encoding);
  return head.length >= MIN_NULS && head.subarray(0, MIN_NULS).every((byte) => byte === NUL)
    ? withoutLeadingNuls(chunks)
    : chunks;
}

async function* transcoded(chunks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield Buffer.from(text);
  }
  const rest = decoder.decode();
  if (rest !== '') yield Buffer.from(rest);
}

async function* withoutLeadingNuls(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isBeginning = true;
  for await (const chunk of chunks) {
    const rest: Buffer = isBeginning ? withoutNulsInFront(chunk) : chunk;
    isBeginning &&= rest.length === 0;
    if (rest.length > 0) yield rest;
  }
}

/** A piece of text without its leading zero bytes, if there are more than a damaged character has. */
export function withoutNulsInFront(chunk: Buffer): Buffer {
  if (chunk[0] !== NUL || chunk[MIN_NULS - 1] !== NUL) return chunk;
  // A compressed file may hold gigabytes of them.
  if (chunk.length <= NULS.length && chunk.equals(NULS.subarray(0, chunk.length))) {
    return chunk.subarray(chunk.length);
  }
  const start = chunk.findIndex((byte) => byte !== NUL);
  return start < 0 ? chunk.subarray(chunk.length) : chunk.subarray(start);
}
