import { existsSync, readdirSync, readFileSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
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
  async function captionsOf(photos: string) {
    const rejects = join(folder, "rejects.jsonl");
    const { code, stdout } = await mmel(["dataset", "captions", photos, "--rejects", rejects]);
    const captions = linesOf(stdout).map((line) => JSON.parse(line) as WireCaption);
    const rejected = existsSync(rejects) ? linesOf(readFileSync(rejects, "utf8")) : [];
    return { code, captions: new Map(captions.map((caption) => [caption.id, caption])), rejected };
  }

  /**
   * Copies photo-rejects. The pictures to reject there contain only the name of a person. photo-regions expects a caption
   * for the same file, so pictures without any caption replace them.
   */
  async function photosToReject(captioned: readonly string[]): Promise<string> {
    const regions = expectedOf<Record<string, string | string[]>>("photo-regions");
    const [junk = ""] = Object.keys(regions).filter((file) => regions[file] === "no caption");
    const photos = join(folder, "photos");
    await mkdir(photos);
    for (const file of readdirSync(join(field, "photo-rejects/photos"))) {
      const from = captioned.includes(file) ? `photo-rejects/photos/${file}` : `photo-regions/photos/${junk}`;
      await copyFile(join(field, from), join(photos, file));
    }
    return photos;
  }

  it("contain the names and texts that the pictures' metadata state", async () => {
    const expected = expectedOf<Record<string, string | string[]>>("photo-regions");
    const { captions } = await captionsOf(join(field, "photo-regions/photos"));
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
    const expected = expectedOf<string>("photo-rejects");
    const [, files = "", rejections, exit] = /\((.*)\).*?(\d+) lines in .*exit (\d+)/.exec(expected) ?? [];
    const { code, captions, rejected } = await captionsOf(await photosToReject(files.split(", ")));
    expect([...captions.keys()].sort()).toEqual(files.split(", ").sort());
    expect(rejected).toHaveLength(Number(rejections));
    expect(code).toBe(Number(exit));
  });
});

const expectedOf = <T>(set: string): T =>
  (JSON.parse(readFileSync(join(field, set, "expected.json"), "utf8")) as { expected: T }).expected;
