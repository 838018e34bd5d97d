import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";

const PAGE = "dist/web";
/** What everything that the page loads may weigh on its way, in bytes. */
const LIGHT = 150_000;

const files = readdirSync(PAGE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => join(parentPath, name));

it("weighs less than 150 kB, compressed, all files together", () => {
  expect(files.some((file) => file.endsWith(".js"))).toBe(true);
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
  expect(bytes).toBeLessThan(LIGHT);
});

it("loads nothing from elsewhere, and has no script or style in its markup", () => {
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
