import type { Command } from "commander";
import { type Context, printable } from "./context.js";
import { errorLine, exitCodeOf } from "./exit.js";
import { run } from "./program.js";

/** Runs a command line. Prints an error as one line on stderr and sets the exit code. Does not throw. */
export async function runCommandLine(
  create: (context: Context) => Command,
  argv: readonly string[],
  context: Context,
): Promise<void> {
  const isAlone = argv.length === 0 && context.stdin.isTTY && context.stdout.isTTY;
  try {
    await run(create(context), isAlone ? ["open"] : argv);
  } catch (error) {
    reportError(context, error, argv);
    context.setExitCode(exitCodeOf(error));
  }
}

/** Prints an error as one line on stderr, with its stack trace if the command line contains `--debug`. */
export function reportError({ stderr }: Context, error: unknown, argv: readonly string[]): void {
  stderr.write(printable(stderr, `${errorLine(error, argv.includes("--debug"))}\n`));
}
