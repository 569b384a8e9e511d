/** Everything that an asynchronous sequence yields. */
export async function collect<Element>(sequence: AsyncIterable<Element>): Promise<Element[]> {
  const elements: Element[] = [];
  for await (const element of sequence) elements.push(element);
  return elements;
}

/** An asynchronous sequence of what is given. */
export async function* sequence<Element>(...elements: readonly Element[]): AsyncGenerator<Element> {
  yield* elements;
}
