import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { MmelError } from "../core/index.js";
import { type Context, print } from "./context.js";

/** Adds a command to the program. A command imports what it runs in its action, so that every command starts fast. */
export type Install = (program: Command, context: Context) => void;

/** Creates the program `mmel` with all its commands. The program throws errors instead of printing them. */
export function createProgram(context: Context, installs: readonly Install[]): Command {
  const program = new Command("mmel")
    .description("Link the names in captions to the entities of your own knowledge base.")
    .version(version())
    .option("--debug", "print stack traces of errors")
    .configureHelp({ showGlobalOptions: false })
    .addHelpText(
      "after",
      `
Examples:
  mmel open                                                try it out in the browser; in a terminal, mmel alone does the same
  mmel demo                                                try it out in the terminal
  mmel kb import people.csv --kb ./people                  create a knowledge base
  mmel link captions.jsonl --kb ./people --output links.jsonl
  mmel link captions.jsonl --kb ./people --format html --output links.html
  mmel evaluate captions.jsonl --kb ./people --report report.html

Exit codes: 0 success; 1 rejected input or failure; 2 invalid usage, or a missing file, knowledge base or model;
130 interrupted.`,
    );
  for (const install of installs) install(program, context);
  return throwErrors(program, context);
}

/** Runs a command line. Throws `USAGE` if the command line is invalid. */
export async function run(program: Command, argv: readonly string[]): Promise<void> {
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error; // a CommanderError means that help or the version was printed
  }
}

/** Makes a command and its subcommands throw errors instead of printing them and exiting. */
export function throwErrors(command: Command, context: Context): Command {
  const onExit = (error: CommanderError): never => {
    throw error.exitCode === 0 ? error : usageError(command, error);
  };
  command.exitOverride(onExit).configureOutput({
    writeOut: (text) => void print(context, text),
    writeErr: () => {},
    outputError: () => {},
  });
  for (const child of command.commands) throwErrors(child, context);
  return command;
}

/** Converts an error from commander to a `USAGE` error. */
function usageError(command: Command, error: CommanderError): MmelError {
  const name = fullName(command);
  const [what = "", allowed] = error.message.replace(/^error: /, "").split(/(?<=is invalid)\. /);
  const expected = allowed === undefined ? usageOf(command) : expectation(allowed);
  return new MmelError("USAGE", {
    what: error.code === "commander.help" ? "no command given" : what.replace(/\.$/, ""),
    where: name,
    expected,
    hint: `Run \`${name} --help\`.`,
    cause: error,
  });
}

/** Returns the full name of a command, including its parents, such as "mmel kb import". */
function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

function usageOf(command: Command): string {
  const names = command.commands.map((child) => child.name());
  if (names.length > 0) return `one of ${names.join(", ")}`;
  const required = command.options.filter(({ mandatory }) => mandatory).map(({ flags }) => `${flags} `);
  return `${fullName(command)} ${required.join("")}${command.usage()}`;
}

const expectation = (sentence: string): string =>
  sentence.replace(/^Allowed choices are /, "one of ").replace(/\.$/, "");

/** Returns the version from package.json, which is two folders above both the source file and the built file. */
export function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
