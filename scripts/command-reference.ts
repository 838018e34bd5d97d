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
export function commandReference(): string {
  let help = "";
  const show = (command: Command): void => {
    const name = nameOf(command);
    help += `\n## ${name}\n\n\`\`\`text\n`;
    command.configureOutput({ getOutHelpWidth: () => 110, writeOut: (text) => void (help += text) });
    command.outputHelp();
    help = `${help.trimEnd()}\n\`\`\`\n`;
    for (const child of command.commands) show(child);
  };
  show(createProgram({} as Context, installs));
  return INTRODUCTION + help;
}

const nameOf = (command: Command): string =>
  command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  await writeFile("docs/commands.md", commandReference());
