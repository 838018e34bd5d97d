#!/usr/bin/env node
import { installs } from "./commands/index.js";
import { type Context, interruptible } from "./context.js";
import { errorLine, exitCodeOf } from "./exit.js";
import { createProgram, run } from "./program.js";

const { signal, dispose } = interruptible();
const context: Context = {
  stdout: process.stdout,
  stderr: process.stderr,
  signal,
  setExitCode: (code) => {
    process.exitCode = code;
  },
};
// A reader that goes away (`mmel … | head`) is no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const argv = process.argv.slice(2);
try {
  await run(createProgram(context, installs), argv);
} catch (error) {
  process.stderr.write(`${errorLine(error, argv.includes("--debug"))}\n`);
  process.exitCode = exitCodeOf(error);
} finally {
  dispose();
}
