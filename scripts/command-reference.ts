/**
 * Writes docs/commands.md: the help of every command. Run after changing a command's options or help:
 *
 *     npx tsx scripts/command-reference.ts
 */
import { writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import type { Command } from "commander";
import { installs } from "../src/cli/commands/index.js";
import type { Context } from "../src/cli/context.js";
import { createProgram } from "../src/cli/program.js";

const INTRODUCTION = `# Commands

What each command prints with \`--help\`. [Formats](formats.md) describes the files, [Errors](errors.md) the error codes.
`;

/** Returns the text of docs/commands.md. */
export const commandReference = (): string =>
  INTRODUCTION + sections(createProgram({} as Context, installs)).join("");

/** Returns a section for a command, and one for each of its subcommands. */
function sections(command: Command): string[] {
  const help: string[] = [];
  command.configureOutput({ getOutHelpWidth: () => 110, writeOut: (text) => void help.push(text) });
  command.outputHelp();
  const section = `\n## ${nameOf(command)}\n\n\`\`\`text\n${help.join("").trimEnd()}\n\`\`\`\n`;
  return [section, ...command.commands.flatMap(sections)];
}

const nameOf = (command: Command): string =>
  command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  await writeFile("docs/commands.md", commandReference());
