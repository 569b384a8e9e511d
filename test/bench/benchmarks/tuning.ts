import type { Benchmark } from '../benchmark.ts';

export const tuning: Benchmark = {
  name: 'tuning',
  summary: 'x',
  isOnRequest: true,
  async run() {
    return [];
  },
};
