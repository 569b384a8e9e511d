/** Splits a list into chunks of at most `size` elements. */
export function chunksOf<Element>(elements: readonly Element[], size: number): Element[][] {
  const chunks: Element[][] = [];
  for (let start = 0; start < elements.length; start += size) {
    chunks.push(elements.slice(start, start + size));
  }
  return chunks;
}
