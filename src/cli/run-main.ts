import type { Command } from "commander";
import { writingError } from "../formats/output.js";
import { reportError, runCommandLine } from "./command-line.js";
import { type Context, interruptible } from "./context.js";
import { EXIT } from "./exit.js";

/** Runs the command line of this process, with its streams, signals and exit code. */
export async function runMain(create: (context: Context) => Command): Promise<void> {
  const { stdin, stdout, stderr } = process;
  const { signal, dispose } = interruptible();
  const context: Context = {
    stdin,
    stdout,
    stderr,
    signal,
    setExitCode: (code) => {
      process.exitCode = code;
    },
  };
  const argv = process.argv.slice(2);
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0); // a reader that closes the pipe (`mmel … | head`) is not an error
    reportError(context, writingError(error, "standard output"), argv);
    process.exit(EXIT.failed);
  });
  stderr.on("error", () => {}); // there is no place left to report it
  try {
    await runCommandLine(create, argv, context);
  } finally {
    dispose();
  }
}
