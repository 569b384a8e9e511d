import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Bundling, emulators and child processes take their time on a busy machine; no test asserts how long.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
