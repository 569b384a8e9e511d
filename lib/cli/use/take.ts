/** The first elements of a sequence; no further ones are requested. */
export async function* take<Element>(
  sequence: AsyncIterable<Element>,
  count: number,
): AsyncGenerator<Element> {
  let taken = 0;
  if (count <= 0) return;
  for await (const element of sequence) {
    yield element;
    if (++taken >= count) return;
  }
}
