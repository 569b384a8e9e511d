import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from '../progress.ts';

const POLL_MS = 500;

export interface Patience {
  readonly seconds: number;
  /** Shown as progress. */
  readonly label: string;
  readonly progress: Progress;
  /** Interval between attempts, milliseconds; 500 by default. */
  readonly pollMs?: number;
}

/**
 * Polls until there is an answer.
 *
 * @returns undefined if there is none in time
 * @throws what `ask` throws
 */
export async function waitFor<Answer>(
  ask: () => Promise<Answer | undefined>,
  { seconds, label, progress, pollMs = POLL_MS }: Patience,
): Promise<Answer | undefined> {
  const startedAt = performance.now();
  const waited = () => (performance.now() - startedAt) / 1_000;
  progress.step(label, seconds);
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || waited() >= seconds) return answer;
    progress.update(Math.min(seconds, Math.floor(waited())));
    await sleep(pollMs);
  }
}
