import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/fixtures/global-setup.ts',
    // By default one core is left free, which on two cores means one file after the other.
    maxWorkers: '100%',
    // Bundling, emulators and child processes take their time on a busy machine; no test asserts how long.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
