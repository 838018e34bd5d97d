import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";

const PAGE = "dist/web";
/** Maximum total size of the page, compressed, in bytes. */
const MAX_BYTES = 150_000;

const files = readdirSync(PAGE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => join(parentPath, name));

it("is smaller than 150 kB in total, compressed", () => {
  expect(files.some((file) => file.endsWith(".js"))).toBe(true);
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
  expect(bytes).toBeLessThan(MAX_BYTES);
});

it("loads nothing from other origins, and has no inline script or style", () => {
  const html = readFileSync(join(PAGE, "index.html"), "utf8");
  expect([...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^\.\/assets\/.*\.js$/),
      expect.stringMatching(/^\.\/assets\/.*\.css$/),
    ]),
  );
  expect(html).not.toMatch(/(?:src|href)="(?!\.\/)|<style|<script(?![^>]*src=)|\sstyle=|\son\w+=/);
  const styles = files.filter((file) => file.endsWith(".css")).map((file) => readFileSync(file, "utf8"));
  expect(styles.join("")).not.toMatch(/@import|url\(/);
});
