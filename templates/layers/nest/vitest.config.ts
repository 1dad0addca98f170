import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // What needs Nest is a `.spec.ts`; a `.test.ts` runs under Node itself, as it is.
    include: ['src/**/*.spec.ts'],
    // The files share one embedded database, which takes a moment to make.
    pool: 'forks',
    maxWorkers: 1,
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
