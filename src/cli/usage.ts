import type { Command, CommanderError } from "commander";
import { MmelError } from "../core/index.js";

/** What commander found wrong with a command line, as an error of ours: what, where, expected, and where help is. */
export function usageError(command: Command, error: CommanderError): MmelError {
  const name = nameOf(command);
  const [what = "", allowed] = error.message.replace(/^error: /, "").split(/(?<=is invalid)\. /);
  const expected = allowed === undefined ? usageOf(command) : expectation(allowed);
  return new MmelError("USAGE", {
    what: error.code === "commander.help" ? "no command given" : what.replace(/\.$/, ""),
    where: name,
    expected,
    hint: `${name} --help`,
    cause: error,
  });
}

/** The names of a command and of those above it. */
function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

function usageOf(command: Command): string {
  const names = command.commands.map((child) => child.name());
  if (names.length > 0) return `one of ${names.join(", ")}`;
  const required = command.options.filter(({ mandatory }) => mandatory).map(({ flags }) => `${flags} `);
  return `${nameOf(command)} ${required.join("")}${command.usage()}`;
}

const expectation = (sentence: string): string =>
  sentence.replace(/^Allowed choices are /, "one of ").replace(/\.$/, "");
