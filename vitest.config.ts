import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: 'test/fixtures/global-setup.ts',
    // By default one core is left free, which on two cores means one file after the other.
    maxWorkers: '100%',
    // Bundling, emulators and child processes take their time on a busy machine; no test asserts how long.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Files share a process, since loading their modules again takes longer than many of them do: what one of them
    // replaces is put back.
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          setupFiles: 'test/fixtures/fixed-seed.ts',
        },
      },
      {
        extends: true,
        test: { name: 'service', include: ['test/{cli,infra,integration}/**/*.test.ts'] },
      },
    ],
  },
});
