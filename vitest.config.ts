import { defineConfig } from "vitest/config";

/** Tests that need `dist/`, a server or a browser, or that take long: `npm test` runs them, `npm run test:unit` does not. */
const SYSTEM = ["test/**/*.system.test.ts", "test/{jobs,server}/**/*.test.ts"];
const WEB = ["test/web/**/*.test.ts"];
const COMMANDS = ["test/cli/**/*.test.ts"];

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    maxWorkers: 2,
    server: { deps: { external: [/\/dist\//] } }, // the built command is loaded as node loads it
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [...SYSTEM, ...WEB, ...COMMANDS],
          isolate: false, // a third of the time would go into importing the same modules again
          testTimeout: 60_000,
          hookTimeout: 60_000,
          globalSetup: ["test/scratch.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "commands",
          include: COMMANDS,
          isolate: false, // the built command is loaded once
          testTimeout: 60_000,
          hookTimeout: 120_000,
          globalSetup: ["test/scratch.ts", "test/build.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "web",
          include: WEB,
          isolate: false, // the test files of a worker share one Chromium
          testTimeout: 60_000,
          hookTimeout: 120_000,
          globalSetup: ["test/scratch.ts", "test/build.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "system",
          include: SYSTEM,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          globalSetup: ["test/scratch.ts", "test/build.ts"],
        },
      },
    ],
  },
});
