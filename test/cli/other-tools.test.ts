import { describe, expect, it } from "vitest";
import { DEMO_ENTITIES, lines, mmel, scratch, writeRecords } from "./harness.js";

const path = scratch();

describe("link for displaCy and Web Annotations", () => {
  it("locates mentions without offsets, and says how many could not be placed", async () => {
    await mmel(["kb", "import", DEMO_ENTITIES, "--kb", path("kb")]);
    const captions = await writeRecords(path("captions.jsonl"), [
      { id: "1", text: "Jordan with Pippen in 1996", mentions: [{ text: "Pippen" }, { text: "Jordan" }] },
      { id: "2", text: "Jordan alone", mentions: [{ text: "Jordan" }, { text: "Michael" }] },
    ]);
    const link = (format: string) =>
      mmel(["link", captions, "--kb", path("kb"), "--model", "lexical", "--format", format]);

    const displacy = await link("displacy");
    const spans = lines(displacy.stdout).map((line) =>
      (JSON.parse(line).ents as { start: number; end: number }[]).map(({ start, end }) => [start, end]),
    );
    expect(spans).toEqual([
      [
        [0, 6],
        [12, 18],
      ],
      [[0, 6]],
    ]);
    const lost = "mmel: 1 mention could not be placed in the text (first in caption 2); ";
    expect(displacy).toMatchObject({ code: 0, stderr: expect.stringContaining(`${lost}displaCy`) });
    const annotations = await link("webannotation");
    expect(annotations).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`${lost}their annotations`),
    });
    expect(annotations.stdout.match(/TextPositionSelector/g)).toHaveLength(3);
    expect((await link("jsonl")).stderr).toBe("");
  }, 60_000);
});
