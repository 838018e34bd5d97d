import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createCandidateSource } from "../../src/candidates/index.js";
import { named } from "./names.js";

const folder = join(process.env.MMEL_SHARED ?? "../shared/data", "wikimel");

describe.skipIf(!existsSync(folder))("candidates on Wikidata-MEL (needs ../shared/data/wikimel)", () => {
  it("include the right entity among 100 for at least 99.5 % of the dev mentions", async () => {
    const read = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));
    const captions = read("Wikidata-MEL.json");
    const kb = Object.entries<string>(read("qid2ne.json")).map(([id, label]) => named(id, label));
    const dev: { mentions: string[]; answer: string[] }[] = read("splits.json").dev.map(
      (id: string) => captions[id],
    );
    const golds = dev.flatMap(({ answer }) => answer);
    const lists = await createCandidateSource(kb).candidates(
      dev.flatMap(({ mentions }) => mentions),
      100,
    );
    const found = lists.filter((list, at) => list.some(({ entity }) => entity.id === golds[at]));
    expect(found.length / golds.length).toBeGreaterThanOrEqual(0.995);
  });
});
