import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      '{packages/*,apps/web,bench}/src/**/*.test.ts',
      'packages/*/tests/**/*.test.ts',
      'tests/**/*.test.ts',
    ],
    globalSetup: 'tests/support/build.ts',
    // The whole-system tests start real Claude processes: two cores do not carry more of them at once.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
