/**
 * Waits for a promise for a limited time; with no time left, work that needs no I/O still completes. Leaves no timer
 * behind.
 *
 * @returns whether the promise was fulfilled
 * @throws what the promise rejects with in that time
 */
export async function isOverWithin(over: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const { promise: patience, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, Math.max(0, milliseconds), false);
  try {
    return await Promise.race([over.then(() => true), patience]);
  } finally {
    clearTimeout(timer);
  }
}
