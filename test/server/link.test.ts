import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { WireCaption, WireLinks } from "../../src/formats/index.js";
import { scratch as cliScratch, importDemo, mmel } from "../cli/harness.js";
import { serving } from "./harness.js";

const { post } = serving();
const captions = (await readFile("demo/captions.jsonl", "utf8"))
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as WireCaption);
const jordan = { id: "1", text: "Jordan, 1996", mentions: [{ text: "Jordan", start: 0, end: 6 }] };
const path = cliScratch();

describe("POST /v1/link", () => {
  it("returns what the command writes, for single captions and a batch", async () => {
    await importDemo(path("kb"));
    const command = await mmel(["link", "demo/captions.jsonl", "--kb", path("kb"), "--model", "lexical"]);
    const written = command.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as WireLinks);
    expect(written).toHaveLength(captions.length);
    const batch = (await (await post("/v1/link", { captions })).json()) as { links: WireLinks[] };
    expect(batch.links).toEqual(written);
    const singles = await Promise.all(captions.map(async (one) => (await post("/v1/link", one)).json()));
    expect(singles).toEqual(written);
  });

  it("accepts options in the query string and in the body, which takes precedence", async () => {
    const count = async (path: string, body: object): Promise<number> => {
      const links = (await (await post(path, body)).json()) as WireLinks;
      return links.mentions[0]!.candidates.length;
    };
    expect(await count("/v1/link?topK=2", jordan)).toBe(2);
    expect(await count("/v1/link?topK=2", { ...jordan, topK: 3 })).toBe(3);
    expect(await count("/v1/link", { ...jordan, topK: 1 })).toBe(1);
  });

  it("returns the type of a mention, and removes other candidates with `strictTypes`", async () => {
    const typed = (type: unknown) => ({ ...jordan, mentions: [{ ...jordan.mentions[0], type }] });
    const count = async (path: string, body: object): Promise<number> => {
      const { mentions } = (await (await post(path, body)).json()) as WireLinks;
      expect(mentions[0]).toMatchObject({ text: "Jordan", type: "ORG" });
      return mentions[0]!.candidates.length;
    };
    expect(await count("/v1/link", typed("ORG"))).toBeGreaterThan(0);
    expect(await count("/v1/link?strictTypes=true", typed("ORG"))).toBe(0);
    expect(await count("/v1/link", { ...typed("ORG"), strictTypes: true })).toBe(0);
    for (const type of ["", "x".repeat(101), 5]) {
      const refused = await post("/v1/link", typed(type));
      expect(refused.status).toBe(422);
      expect(await refused.json()).toMatchObject({ code: "CAPTION_INVALID" });
    }
  });

  it("explains only on request", async () => {
    const explained = (await (await post("/v1/link?explain=true", jordan)).json()) as WireLinks;
    expect(explained.mentions[0]!.candidates[0]).toMatchObject({
      independentRank: 1,
      explain: expect.any(Object),
    });
    const plain = (await (await post("/v1/link", jordan)).json()) as WireLinks;
    expect(plain.mentions[0]!.candidates[0]).not.toHaveProperty("explain");
  });

  it("detects names on request", async () => {
    const text = "Scottie Pippen in Chicago";
    const found = (await (await post("/v1/link", { id: "1", text, detect: true })).json()) as WireLinks;
    expect(found.mentions[0]).toMatchObject({ text: "Scottie Pippen", start: 0, end: 14, outcome: "linked" });
    const refused = await post("/v1/link", { id: "1", text });
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ code: "CAPTION_INVALID" });
  });

  it("returns the formats of other tools", async () => {
    const caption = { id: "😀", text: "😀 Jordan", mentions: [{ text: "Jordan", start: 3, end: 9 }] };
    const drawn = await (await post("/v1/link?format=displacy", caption)).json();
    expect(drawn).toMatchObject({ text: caption.text, ents: [{ start: 2, end: 8 }] });
    const { links } = (await (
      await post("/v1/link?format=webannotation", { captions: [caption] })
    ).json()) as {
      links: object[];
    };
    expect(links[0]).toMatchObject({
      type: "AnnotationPage",
      items: [
        {
          target: {
            selector: [
              { start: 2, end: 8 },
              { exact: "Jordan", prefix: "😀 " },
            ],
          },
        },
      ],
    });
    expect((await post("/v1/link?format=none", caption)).status).toBe(400);
  });
});
