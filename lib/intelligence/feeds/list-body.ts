import { gunzipSync } from 'node:zlib';
import { FetchError } from './fetch-outcome.ts';

/** What is being read, and how large it says it is. */
export interface OpenBody {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Bytes; NaN or 0 if it does not say. */
  readonly announcedBytes: number;
  /** Ends the connection where nothing is read. */
  readonly cancel: () => Promise<void>;
}

/**
 * Reads a list as a whole, unpacked where it is packed itself.
 *
 * @throws {FetchError} if it is larger than it may be, damaged, or a web page
 */
export async function readListBody(body: OpenBody, mostBytes: number): Promise<Buffer> {
  const list = unpacked(await readBody(body, mostBytes), mostBytes);
  if (looksLikePage(list)) throw webPage();
  return list;
}

export function webPage(): FetchError {
  return new FetchError('web-page', 'a web page, not a list');
}

/** Reads up to the limit: the body is decompressed while reading, so a small one can become large. */
async function readBody({ chunks, announcedBytes, cancel }: OpenBody, mostBytes: number): Promise<Buffer> {
  if (announcedBytes > mostBytes) {
    await cancel();
    throw tooLarge(mostBytes);
  }
  const read: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the body.
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw tooLarge(mostBytes);
    read.push(chunk);
  }
  return Buffer.concat(read);
}

const GZIP = Buffer.from([0x1f, 0x8b]);

/** Some publishers offer a file that is itself compressed: `list.txt.gz`. */
function unpacked(body: Buffer, mostBytes: number): Buffer {
  if (!body.subarray(0, 2).equals(GZIP)) return body;
  try {
    return gunzipSync(body, { maxOutputLength: mostBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(mostBytes);
    throw new FetchError('truncated', 'compressed data that is truncated or damaged');
  }
}

function tooLarge(mostBytes: number): FetchError {
  return new FetchError('too-large', `more than ${mostBytes / 2 ** 20} MiB`);
}

function looksLikePage(body: Buffer): boolean {
  const head = body
    .subarray(0, 1_024)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart();
  return /^<(?:!doctype|html|head|body|\?xml|script)/i.test(head);
}
