/**
 * Waits for a promise, but no longer than for a time; without any left, what takes no I/O still gets done. Leaves no timer
 * behind.
 *
 * @returns whether the promise is fulfilled
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
