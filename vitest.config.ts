import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: 'test/fixtures/global-setup.ts',
    // By default one core is left free, which on two cores means one file after the other.
    maxWorkers: '100%',
    // Bundling, emulators and child processes take their time on a busy machine; no test asserts how long.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      // These leave nothing behind: files share a process, which takes half the time.
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], isolate: false } },
      {
        extends: true,
        test: { name: 'service', include: ['test/**/*.test.ts'], exclude: ['test/unit/**'] },
      },
    ],
  },
});
