/**
 * Merges sequences that are each newest first into one that is too.
 *
 * @param timeOf the time they are ordered by
 */
export async function* mergeNewestFirst<Element>(
  sequences: readonly AsyncIterator<Element>[],
  timeOf: (element: Element) => number | string,
): AsyncGenerator<Element> {
  const heads = await Promise.all(sequences.map((sequence) => sequence.next()));
  for (;;) {
    let newest: { index: number; value: Element } | undefined;
    for (const [index, head] of heads.entries()) {
      if (head.done === true) continue;
      if (newest === undefined || timeOf(head.value) > timeOf(newest.value))
        newest = { index, value: head.value };
    }
    const sequence = newest && sequences[newest.index];
    if (newest === undefined || sequence === undefined) return;
    yield newest.value;
    heads[newest.index] = await sequence.next();
  }
}
