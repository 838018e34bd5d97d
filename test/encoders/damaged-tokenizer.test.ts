import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRandom, type Random } from "../../src/core/index.js";
import { readJson } from "../../src/encoders/model-files.js";
import { createTokenizer } from "../../src/encoders/tokenizer.js";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const FOLDERS = ["encoder", "encoder-distilbert", "encoder-roberta", "encoder-xlm-roberta"];
const WRONG: readonly Json[] = [null, true, -1, 1.5, 1e9, "", "x", "(", [], [null], {}, { type: "other" }];

/** All places in a JSON value: an object or array with one of its keys. Long lists count with their first entries. */
function placesIn(
  json: Json,
  found: [Record<string, Json>, string][] = [],
): [Record<string, Json>, string][] {
  if (typeof json !== "object" || json === null) return found;
  for (const key of Object.keys(json).slice(0, 8)) {
    found.push([json as Record<string, Json>, key]);
    placesIn((json as Record<string, Json>)[key]!, found);
  }
  return found;
}

/** Replaces or removes one value. Returns a description. */
function damage(json: Json, random: Random): string {
  const places = placesIn(json);
  const [holder, key] = places[random.below(places.length)]!;
  const wrong = WRONG[random.below(WRONG.length + 1)];
  if (wrong === undefined) delete holder[key];
  else holder[key] = structuredClone(wrong);
  return `${key} = ${JSON.stringify(wrong)}`;
}

describe("a damaged tokenizer.json", () => {
  it.each(FOLDERS)("of %s is a named error or still a tokenizer, never another error", async (name) => {
    const text = await readFile(join("test/reference", name, "tokenizer.json"), "utf8");
    const random = createRandom(name);
    for (let round = 0; round < 250; round++) {
      const json = JSON.parse(text) as Json;
      const what = damage(json, random);
      try {
        const tokenizer = createTokenizer(json as object, 1_000_000, name);
        for (const input of ["Ada Lovelace", "王", "naïve — '90s…", "", "\ud800"])
          for (const id of tokenizer.encode(input)) expect(Number.isSafeInteger(id), what).toBe(true);
      } catch (error) {
        expect(error, what).toMatchObject({ code: expect.stringMatching(/^MODEL_(DAMAGED|UNSUPPORTED)$/) });
      }
    }
  });
});

describe("a model file that is nested deeply", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mmel-nested-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("is damaged", async () => {
    const file = join(folder, "calibration.json");
    const nested = (levels: number): string => `{"measured":${"[".repeat(levels)}${"]".repeat(levels)}}`;
    for (const levels of [4000, 200_000]) {
      await writeFile(file, nested(levels));
      await expect(readJson(file)).rejects.toMatchObject({ code: "MODEL_DAMAGED" });
    }
    await writeFile(file, nested(20));
    expect(await readJson(file)).toHaveProperty("measured");
  });
});
