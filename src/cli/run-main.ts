import type { Command } from "commander";
import { writingError } from "../formats/output.js";
import { type Context, interruptible, printable } from "./context.js";
import { EXIT, errorLine, exitCodeOf } from "./exit.js";
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
  const argv = process.argv.slice(2);
  const report = (error: unknown): void => {
    process.stderr.write(printable(process.stderr, `${errorLine(error, argv.includes("--debug"))}\n`));
  };
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0); // a reader that closes the pipe (`mmel … | head`) is not an error
    report(writingError(error, "standard output"));
    process.exit(EXIT.failed);
  });
  process.stderr.on("error", () => {}); // there is no place left to report it
  try {
    const isAlone = argv.length === 0 && process.stdin.isTTY && process.stdout.isTTY;
    await run(create(context), isAlone ? ["open"] : argv);
  } catch (error) {
    report(error);
    process.exitCode = exitCodeOf(error);
  } finally {
    dispose();
  }
}
