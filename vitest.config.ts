import { defineConfig } from 'vitest/config';

/** What takes long, or needs more than Node, has its full length, or is there at all, only in the project `ci`. */
const LONG = [
  'test/cli/large-log.test.ts',
  'test/integration/intelligence/shared-quota.test.ts',
  'test/integration/mutation/runner.test.ts',
  'test/integration/packaging/package.test.ts',
  'test/integration/service/deliveries.test.ts',
  'test/unit/cli/**/report-page.test.ts',
  'test/unit/evaluation/evaluation-page.test.ts',
  'test/unit/logs/formats/fuzz.test.ts',
];

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
        test: {
          name: 'service',
          include: ['test/{cli,infra,integration}/**/*.test.ts'],
          exclude: ['test/integration/{mutation/runner,packaging/package}.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'ci',
          include: LONG,
          env: { LONG_TESTS: '1' },
          setupFiles: 'test/fixtures/fixed-seed.ts',
        },
      },
    ],
  },
});
