import type { Command } from "commander";
import { type Context, interruptible } from "./context.js";
import { errorLine, exitCodeOf } from "./exit.js";
import { run } from "./program.js";

/** Runs the command line of this process. Prints an error as one line on stderr and sets the exit code. */
export async function runMain(create: (context: Context) => Command): Promise<void> {
  const { signal, dispose } = interruptible();
  const context: Context = {
    stdout: process.stdout,
    stderr: process.stderr,
    signal,
    setExitCode: (code) => {
      process.exitCode = code;
    },
  };
  // A reader that closes the pipe (`mmel … | head`) is not an error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  const argv = process.argv.slice(2);
  try {
    await run(create(context), argv);
  } catch (error) {
    process.stderr.write(`${errorLine(error, argv.includes("--debug"))}\n`);
    process.exitCode = exitCodeOf(error);
  } finally {
    dispose();
  }
}
