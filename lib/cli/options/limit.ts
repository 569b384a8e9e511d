import { InvalidArgumentError } from 'commander';

/** Reads a number of things to show, 1 to a million. */
export function positiveCount(text: string): number {
  const count = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > 1_000_000)
    throw new InvalidArgumentError('expected a whole number from 1 to 1000000.');
  return count;
}

/** The first elements of a sequence; what follows is never asked for. */
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
