const LINE_FEED = 0x0a;

/** Tracks the byte offsets of the lines that end in the latest piece, and of the line after them. */
export class LineStarts {
  /** The line that was open at the start of the latest piece. */
  #line: number;
  #lineByte: number;
  #piece: Buffer = Buffer.alloc(0);
  #pieceByte: number;

  /**
   * @param line number of the text's first line, from 1
   * @param byte offset of that line in the whole input, from 0
   */
  constructor(line = 1, byte = 0) {
    this.#line = line;
    this.#lineByte = byte;
    this.#pieceByte = byte;
  }

  /** Passes the text's pieces through. Line ends in a piece are located when the next one is requested. */
  async *watch(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      this.#passPiece();
      this.#piece = piece;
      yield piece;
    }
  }

  /** @returns undefined if the line's start is not in the latest piece */
  byteOf(line: number): number | undefined {
    if (line < this.#line) return undefined;
    if (line === this.#line) return this.#lineByte;
    let end = -1;
    for (let open = this.#line; open < line; open++) {
      end = this.#piece.indexOf(LINE_FEED, end + 1);
      if (end < 0) return undefined;
    }
    return this.#pieceByte + end + 1;
  }

  #passPiece(): void {
    const last = this.#piece.lastIndexOf(LINE_FEED);
    for (let end = -1; end < last; this.#line++) end = this.#piece.indexOf(LINE_FEED, end + 1);
    if (last >= 0) this.#lineByte = this.#pieceByte + last + 1;
    this.#pieceByte += this.#piece.length;
  }
}
