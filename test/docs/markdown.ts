import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** All Markdown files of the repository that are pages of the site. */
export const pages = (): string[] =>
  execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
    encoding: "utf8",
  })
    .split("\n")
    .filter((file) => file !== "" && !file.startsWith(".github/"));

/** The pages for users: the commands and snippets in them are tested. */
export const manual = (): string[] =>
  pages().filter((page) => page === "README.md" || /^docs\/[^/]+\.md$/.test(page));

export interface Block {
  /** The language after the opening fence; empty if there is none. */
  readonly language: string;
  readonly code: string;
  /** The line of the opening fence, from 1. */
  readonly line: number;
  /** The HTML comment on the line before the block, without its marks. */
  readonly comment: string | undefined;
}

/** The fenced code blocks of a page, without their indentation. */
export function blocksOf(file: string): Block[] {
  const lines = readFileSync(file, "utf8").split("\n");
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, indent, language] = /^(\s*)```(\S*)/.exec(lines[at]!) ?? [];
    if (indent === undefined || language === undefined) continue;
    const end = lines.findIndex((line, index) => index > at && line.trim() === "```");
    const before = lines.slice(0, at).findLast((line) => line.trim() !== "");
    blocks.push({
      language,
      code: lines
        .slice(at + 1, end)
        .map((line) => line.slice(indent.length))
        .join("\n"),
      line: at + 1,
      comment: /^\s*<!-- (.*) -->$/.exec(before ?? "")?.[1],
    });
    at = end;
  }
  return blocks;
}

/** A page without its code: blocks, inline code and comments. */
export const proseOf = (file: string): string =>
  readFileSync(file, "utf8")
    .replace(/^(\s*)```[\s\S]*?^\s*```$/gm, "")
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/`[^`\n]*`/g, (code) => "x".repeat(code.length));
