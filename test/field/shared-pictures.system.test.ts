import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SHARED } from "../../experiments/field/sets.js";
import type { WireCaption } from "../../src/formats/index.js";
import { mmel } from "../cli/harness.js";

const field = join(SHARED, "field");

const linesOf = (text: string): string[] => text.split("\n").filter(Boolean);

describe.skipIf(!existsSync(field))("captions from pictures (skipped without ../shared/field)", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mmel-field-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Runs `mmel dataset captions` on a folder of pictures. */
  async function captionsOf(set: string) {
    const rejects = join(folder, `${set}.rejects.jsonl`);
    const { code, stdout } = await mmel([
      "dataset",
      "captions",
      join(field, set, "photos"),
      "--rejects",
      rejects,
    ]);
    const captions = linesOf(stdout).map((line) => JSON.parse(line) as WireCaption);
    const rejected = existsSync(rejects) ? linesOf(readFileSync(rejects, "utf8")) : [];
    return { code, captions: new Map(captions.map((caption) => [caption.id, caption])), rejected };
  }

  it("contain the names and texts that the pictures' metadata state", async () => {
    const { expected } = JSON.parse(readFileSync(join(field, "photo-regions/expected.json"), "utf8")) as {
      expected: Record<string, string | string[]>;
    };
    const { captions } = await captionsOf("photo-regions");
    for (const [key, value] of Object.entries(expected)) {
      const [file = ""] = key.split(" ");
      const caption = captions.get(file);
      if (value === "no caption") expect(caption, file).toBeUndefined();
      else if (typeof value !== "string")
        expect(caption?.mentions?.map(({ text }) => text).sort(), file).toEqual(value.toSorted());
      else {
        const unwanted = /^text is .*, not (.*)$/.exec(value)?.[1];
        if (unwanted === undefined) expect(caption?.text, file).toBe(value);
        else expect(caption?.text, file).not.toContain(unwanted);
      }
    }
  });

  it("are all written if other pictures are rejected", async () => {
    const { expected } = JSON.parse(readFileSync(join(field, "photo-rejects/expected.json"), "utf8")) as {
      expected: string;
    };
    const [, files = "", rejections, exit] = /\((.*)\).*?(\d+) lines in .*exit (\d+)/.exec(expected) ?? [];
    const { code, captions, rejected } = await captionsOf("photo-rejects");
    expect([...captions.keys()].sort()).toEqual(files.split(", ").sort());
    expect(rejected).toHaveLength(Number(rejections));
    expect(code).toBe(Number(exit));
  });
});
