/** Replaces `node:timers/promises` in the product under simulation. */
import type { Simulation } from './simulation.ts';

export async function setTimeout(milliseconds: number): Promise<void> {
  await (globalThis as { chaosSimulation?: Simulation }).chaosSimulation?.sleep(milliseconds);
}
