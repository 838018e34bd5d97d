import { Command, CommanderError } from "commander";
import type { Context } from "./context.js";
import { usageError } from "./usage.js";
import { version } from "./version.js";

/** Adds its command to the program. Its body is imported when it runs, so that `--help` costs nothing. */
export type Install = (program: Command, context: Context) => void;

/** The whole command line. Errors are thrown, never printed, so that one place decides how they look. */
export function createProgram(context: Context, installs: readonly Install[]): Command {
  const program = new Command("mmel")
    .description("Link the names in captions to the entities of your own knowledge base.")
    .version(version())
    .option("--debug", "print the stack of an error")
    .configureHelp({ showGlobalOptions: false })
    .addHelpText(
      "after",
      `
Examples:
  mmel demo                                                see it work
  mmel kb import people.csv --kb ./people                  your knowledge base, once
  mmel link captions.jsonl --kb ./people --output links.jsonl
  mmel link captions.jsonl --kb ./people --format html --output links.html
  mmel evaluate captions.jsonl --kb ./people --report report.html

Exit codes: 0 done; 1 some input rejected or the work failed; 2 wrong usage; 130 interrupted.`,
    );
  for (const install of installs) install(program, context);
  return throwErrors(program, context);
}

/** Runs a command line; wrong usage becomes a `USAGE` error. */
export async function run(program: Command, argv: readonly string[]): Promise<void> {
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error; // else help or the version was asked for, and printed
  }
}

/** Makes a command and those below it throw their errors instead of printing them and exiting. */
export function throwErrors(command: Command, context: Context): Command {
  const onExit = (error: CommanderError): never => {
    throw error.exitCode === 0 ? error : usageError(command, error);
  };
  command.exitOverride(onExit).configureOutput({
    writeOut: (text) => context.stdout.write(text),
    writeErr: () => {},
    outputError: () => {},
  });
  for (const child of command.commands) throwErrors(child, context);
  return command;
}
