import { readFile } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import type { Context } from "../../src/cli/context.js";
import { createSink, type SinkOptions } from "../../src/cli/link-sink.js";
import type { Caption } from "../../src/core/index.js";
import type { Linker } from "../../src/linker/index.js";
import { linksOf } from "../jobs/harness.js";
import { pageData, scratch } from "./harness.js";

const path = scratch();
const PARIS = { text: "Paris", span: { start: 0, end: 5 } };

/** Writes the links of a number of captions. Stops before the end if `interrupted`. */
async function sunk(captions: number, options: Omit<SinkOptions, "offsets">, interrupted = false) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const context = { stdout, stderr, signal: new AbortController().signal } as unknown as Context;
  const shown = [text(stdout), text(stderr)];
  {
    await using sink = await createSink(context, {} as Linker, { offsets: "utf16", ...options });
    for (let id = 0; id < captions; id++) {
      const caption: Caption = { id: `c${id}`, text: "Paris", mentions: [PARIS] };
      await sink.take(caption, linksOf(caption));
    }
    if (!interrupted) await sink.finish();
  }
  stdout.end();
  stderr.end();
  const [out = "", err = ""] = await Promise.all(shown);
  return { out, err };
}

describe("a table", () => {
  it("says how many captions it leaves out", async () => {
    const { out, err } = await sunk(2003, { format: "table" });
    expect(out).toContain("c1999");
    expect(out).not.toContain("c2000");
    expect(out).toMatch(/… and 3 more captions\n$/);
    expect(err).toMatch(/^mmel: the table shows the first 2000 captions of 2003\. .*`--format jsonl`.*\n$/);
  });

  it("of all captions says nothing", async () => {
    const { out, err } = await sunk(2000, { format: "table" });
    expect(out).not.toContain("more captions");
    expect(err).toBe("");
  });
});

describe("a page", () => {
  it("has all captions", async () => {
    const { out, err } = await sunk(2003, { format: "html" });
    expect(pageData(out)).toHaveLength(2003);
    expect(err).toBe("");
  });

  it("has the finished links after an interruption, and none replaces an earlier one", async () => {
    await sunk(30, { output: path("links.html") }, true);
    expect(pageData(await readFile(path("links.html"), "utf8"))).toHaveLength(30);
    await sunk(0, { output: path("links.html") }, true);
    expect(pageData(await readFile(path("links.html"), "utf8"))).toHaveLength(30);
  });

  it("reports a file that cannot be written", async () => {
    await expect(sunk(600, { output: path("none/links.html") })).rejects.toMatchObject({
      code: "FILE_UNWRITABLE",
    });
  });
});

describe("an output that is not finished", () => {
  it("can be continued if it is JSON Lines", async () => {
    const { err } = await sunk(1, { output: path("links.jsonl") }, true);
    expect(err).toMatch(/links\.jsonl contains the finished links; use --resume to continue\n$/);
  });

  it.each(["csv", "displacy", "webannotation"] as const)("cannot be continued as %s", async (format) => {
    const { err } = await sunk(1, { output: path(`links.${format}`), format }, true);
    expect(err).toMatch(/contains the finished links\n$/);
  });
});
