const LINE_FEED = 0x0a;

/** Knows at which byte of a text the lines begin that end in the piece that was read last, and the one after them. */
export class LineStarts {
  /** The line that is open where the latest piece begins. */
  #line: number;
  #lineByte: number;
  #piece: Buffer = Buffer.alloc(0);
  #pieceByte: number;

  /**
   * @param line number of the line that the text begins with, from 1
   * @param byte where in the whole it begins, from 0
   */
  constructor(line = 1, byte = 0) {
    this.#line = line;
    this.#lineByte = byte;
    this.#pieceByte = byte;
  }

  /** Hands the pieces of the text on, and looks where lines end in each once the next is asked for. */
  async *watch(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      this.#passPiece();
      this.#piece = piece;
      yield piece;
    }
  }

  /** @returns undefined where the line began, or begins, elsewhere */
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
