import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** All Markdown files of the repository that are pages of the site. */
export const pages = (): string[] =>
  execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
    encoding: "utf8",
  })
    .split("\n")
    .filter((file) => file !== "" && !file.startsWith(".github/"));

/** A page without its code: blocks, inline code and comments. */
export const proseOf = (file: string): string =>
  readFileSync(file, "utf8")
    .replace(/^(\s*)```[\s\S]*?^\s*```$/gm, "")
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/`[^`\n]*`/g, (code) => "x".repeat(code.length));
