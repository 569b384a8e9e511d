/**
 * Time and randomness for the product's code under simulation. Bundled into the product; the simulation is reached
 * through a global, since a bundle has its own modules.
 */
import type { Simulation } from './simulation.ts';

const simulation = () => (globalThis as { chaosSimulation?: Simulation }).chaosSimulation;

export function simulatedNow(): number {
  return simulation()?.nowMs ?? 0;
}

export function simulatedRandom(): number {
  return simulation()?.random() ?? 0.5;
}

export function simulatedTimeout(milliseconds: number): AbortSignal {
  return simulation()?.timeout(milliseconds) ?? new AbortController().signal;
}
