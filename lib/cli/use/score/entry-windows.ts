import type { LogEntry } from '../../../logs/log-entry.ts';
import { WINDOW, WindowFill } from '../../../logs/windows.ts';

/** A pipe silent for this long is taken to have finished its current output. */
const PAUSE_MS = 2_000;

/**
 * Splits a log into the windows that `push` would send, but closes one early if the input pauses, so that a user
 * following a log sees verdicts.
 *
 * @param entries maximum number of connections and invalid entries in a window
 */
export async function* entryWindows(
  batches: AsyncIterable<readonly LogEntry[]>,
  entries = WINDOW.entries,
  pauseMs = PAUSE_MS,
): AsyncGenerator<readonly LogEntry[]> {
  const size = { ...WINDOW, entries };
  let window: LogEntry[] = [];
  let fill = new WindowFill(size);
  for await (const batch of withPauses(batches, pauseMs)) {
    if (batch === PAUSE) {
      if (window.length > 0) yield window;
      window = [];
      fill = new WindowFill(size);
      continue;
    }
    for (const entry of batch) {
      window.push(entry);
      fill.add(entry);
      if (!fill.isFull) continue;
      yield window;
      window = [];
      fill = new WindowFill(size);
    }
  }
  if (window.length > 0) yield window;
}

const PAUSE = Symbol('pause');

async function* withPauses<Value>(
  values: AsyncIterable<Value>,
  pauseMs: number,
): AsyncGenerator<Value | typeof PAUSE> {
  const iterator = values[Symbol.asyncIterator]();
  try {
    let next = iterator.next();
    while (true) {
      const pause = startPause(pauseMs);
      const result = await Promise.race([next, pause.ended]).finally(pause.cancel);
      if (result === PAUSE) {
        yield PAUSE;
        // Continued silence closes no further windows.
        const afterwards = await next;
        if (afterwards.done) return;
        yield afterwards.value;
      } else {
        if (result.done) return;
        yield result.value;
      }
      next = iterator.next();
    }
  } finally {
    await iterator.return?.();
  }
}

function startPause(milliseconds: number) {
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<typeof PAUSE>((resolve) => {
    timer = setTimeout(resolve, milliseconds, PAUSE);
  });
  return { ended, cancel: () => clearTimeout(timer) };
}
