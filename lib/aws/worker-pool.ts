/**
 * Processes elements concurrently, a limited number at a time. An element is taken only when a worker starts it, so
 * that a generator's elements are not all in memory at once. If work fails, its worker takes no more elements; the
 * others continue.
 *
 * @param workers at most this many elements at a time
 * @throws the first error, once every worker is done
 */
export async function workThrough<Element>(
  elements: Iterable<Element>,
  workers: number,
  work: (element: Element) => Promise<void>,
): Promise<void> {
  const queue = elements[Symbol.iterator]();
  const worker = async () => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) await work(next.value);
  };
  const endings = await Promise.allSettled(Array.from({ length: workers }, worker));
  for (const ending of endings) if (ending.status === 'rejected') throw ending.reason;
}
