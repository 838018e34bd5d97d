import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Caption,
  type CaptionInput,
  type CaptionLinks,
  type Entity,
  withoutGold,
} from "../../src/core/index.js";
import { isParsed } from "../../src/core/parsed-caption.js";
import { captionToWire, linksSchema, linksToWire, readCaptions } from "../../src/formats/index.js";
import { createMemoryStore } from "../../src/kb/index.js";
import {
  type CallOptions,
  collaborationChanges,
  createLinker,
  importKb,
  type LinkerOptions,
  type LinkResult,
} from "../../src/linker/index.js";
import { caption, entities, entity, mention, toyModel } from "./fixtures.js";

const kerry = caption("1", mention("John Kerry"), mention("Moncef Marzouki"), mention("Carthage Palace"));

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
/** The links of results; throws the first error. */
async function linksOf(results: AsyncIterable<LinkResult>): Promise<CaptionLinks[]> {
  return (await collect(results)).map(({ links, error }) => {
    if (error !== undefined) throw error;
    return links;
  });
}
const ids = (links: CaptionLinks) => links.mentions.map(({ entity }) => entity?.id ?? null);

describe("link", () => {
  it("links the mentions of a caption together and reports what that changed", async () => {
    await using linker = await createLinker({ kb: entities, model: toyModel(), topK: 2 });
    const links = await linker.link(kerry);
    expect(ids(links)).toEqual(["Q2", "Q4", "Q5"]);
    expect(links).toMatchObject({ id: "1", model: "toy@1", kb: linker.kb });
    expect(
      collaborationChanges(links).map(({ mention, before, after }) => [mention.text, before.id, after.id]),
    ).toEqual([
      ["John Kerry", "Q1", "Q2"],
      ["Moncef Marzouki", "Q3", "Q4"],
    ]);
    for (const { candidates } of links.mentions) {
      expect(candidates.length).toBeLessThanOrEqual(2);
      for (const { match, collaborative, score } of candidates) expect(score).toBe(match! + collaborative);
    }
  });

  it("links every mention on its own without collaborative ranking", async () => {
    await using linker = await createLinker({ kb: entities, model: toyModel(), collaborative: false });
    const links = await linker.link(kerry);
    expect(ids(links)).toEqual(["Q1", "Q3", "Q5"]);
    expect(collaborationChanges(links)).toEqual([]);
    expect(
      links.mentions
        .flatMap(({ candidates }) => candidates)
        .every(({ collaborative }) => collaborative === 0),
    ).toBe(true);
  });

  describe("with types of mentions", () => {
    const typed = (id: string, type: string): Entity => ({
      ...entity(id, "Yarrow"),
      properties: { type: [type] },
    });
    const kb = [
      typed("Q1", "person"),
      typed("Q2", "municipality"),
      typed("Q3", "orchestra"),
      entity("Q4", "Yarrow"),
    ];
    const one = (type?: string): Caption => ({
      id: "1",
      text: "Yarrow",
      mentions: [{ text: "Yarrow", ...(type !== undefined && { type }) }],
    });
    const listed = async (
      type: string | undefined,
      options: Partial<LinkerOptions>,
      call: CallOptions = {},
    ) => {
      await using linker = await createLinker({ kb, model: toyModel(), ...options });
      const { mentions } = await linker.link(one(type), call);
      return mentions[0]!.candidates.map(({ id }) => id);
    };

    it("passes the type to the model and to the links", async () => {
      const model = toyModel();
      await using linker = await createLinker({ kb, model });
      const links = await linker.link(one("GPE"));
      expect(model.seen[0]![0]!.caption.mentions[0]).toEqual({ text: "Yarrow", type: "GPE" });
      expect(links.mentions[0]).toMatchObject({ type: "GPE" });
      const wire = { id: "1", text: "Yarrow", mentions: [{ text: "Yarrow", type: "GPE" }] };
      expect(await linker.link(wire)).toEqual(links);
    });

    it.each([
      ["PER", ["Q1", "Q4"]],
      ["Place", ["Q2", "Q4"]],
      ["municipality", ["Q2", "Q4"]],
      ["organisation", ["Q3", "Q4"]],
      ["work", ["Q4"]],
      ["MISC", ["Q1", "Q2", "Q3", "Q4"]],
      [undefined, ["Q1", "Q2", "Q3", "Q4"]],
    ])("keeps for the type %s only %j with `strictTypes`", async (type, expected) => {
      expect(await listed(type, { strictTypes: true })).toEqual(expected);
      expect(await listed(type, {}, { strictTypes: true })).toEqual(expected);
      expect(await listed(type, { strictTypes: true }, { strictTypes: false })).toHaveLength(4);
      expect(await listed(type, {})).toHaveLength(4);
    });

    it("returns NIL if no candidate is left", async () => {
      await using linker = await createLinker({ kb: kb.slice(0, 3), model: toyModel(), strictTypes: true });
      expect((await linker.link(one("work"))).mentions[0]).toMatchObject({ outcome: "nil", candidates: [] });
    });

    it.each([" ", "x".repeat(101), 7, null])("rejects the type %j", async (type) => {
      await using linker = await createLinker({ kb, model: toyModel() });
      const invalid = one(type as string);
      await expect(linker.link(invalid)).rejects.toMatchObject({ code: "CAPTION_INVALID" });
    });
  });

  it("returns the parts of scores only with `explain`", async () => {
    const [plain, explained] = await Promise.all(
      [false, true].map(async (explain) => {
        await using linker = await createLinker({ kb: entities, model: toyModel(), explain });
        return await linker.link(kerry);
      }),
    );
    expect(plain!.mentions[0]!.candidates[0]).not.toHaveProperty("explain");
    expect(explained!.mentions[0]!.candidates[0]!.explain).toEqual({ name: 1 });
  });

  it("returns NIL below the model's floor and without candidates, and still lists the candidates", async () => {
    const model = toyModel({ calibration: { nameFloor: 0.95 } });
    await using linker = await createLinker({ kb: entities, model });
    const links = await linker.link(
      caption("1", mention("Jon Kerri"), mention("Ωmega"), mention("john kerry")),
    );
    expect(ids(links)).toEqual([null, null, "Q1"]);
    expect(links.mentions[0]!.candidates.length).toBeGreaterThan(0);
    expect(links.mentions[1]).toEqual({
      text: "Ωmega",
      outcome: "nil",
      entity: null,
      probability: null,
      candidates: [],
    });
  });

  it("detects mentions only with `detect`, and rejects captions with none or too many", async () => {
    const bare: Caption = { id: "1", text: "Secretary John Kerry at the window", mentions: [] };
    await using linker = await createLinker({ kb: entities, model: toyModel() });
    await expect(linker.link(bare)).rejects.toMatchObject({ code: "CAPTION_INVALID" });
    const many = caption("2", ...Array.from({ length: 1001 }, () => mention("John Kerry")));
    await expect(linker.link(many)).rejects.toMatchObject({ code: "CAPTION_INVALID" });
    await using detecting = await createLinker({ kb: entities, model: toyModel(), detect: true });
    const links = await detecting.link(bare);
    expect(links.mentions.map(({ text, start, end }) => [text, start, end])).toEqual([
      ["John Kerry", 10, 20],
    ]);
    expect((await detecting.link({ ...bare, text: "nothing here" })).mentions).toEqual([]);
  });

  it("says once that nothing is detected in a caption in which only known names are detected", async () => {
    const notes: string[] = [];
    const options = {
      kb: entities,
      model: toyModel(),
      detect: true,
      onNote: (note: string) => notes.push(note),
    };
    await using linker = await createLinker(options);
    const texts = ["a red boat", "ein rotes Boot und das Meer", "eine Lampe und der Tisch"];
    for (const [at, text] of texts.entries())
      expect((await linker.link({ id: `c${at}`, text })).mentions).toEqual([]);
    expect(notes).toEqual([
      'no names were detected in caption c1; in captions in the language "de", only names from the knowledge base are detected',
    ]);
  });

  it.each<[unknown, string]>([
    [undefined, "CAPTION_INVALID"],
    [{ id: "1", text: "John Kerry" }, "CAPTION_INVALID"],
    [{ id: 1, text: "John Kerry", mentions: [{ text: "John Kerry" }] }, "CAPTION_INVALID"],
    [{ id: "1", mentions: [{ text: "John Kerry" }] }, "CAPTION_INVALID"],
    [{ id: "1", text: "John Kerry", mentions: ["John Kerry"] }, "CAPTION_INVALID"],
    [{ id: "1", text: "John Kerry", mentions: [{ text: " " }] }, "CAPTION_INVALID"],
    [{ id: "1", text: "x", mentions: [{ text: "x".repeat(10_000) }] }, "CAPTION_INVALID"],
    [{ id: "1", text: "x", mentions: [{ text: "\ud800" }] }, "ENCODING"],
    ...[
      [5, 10],
      [0, 99],
      [-10, 10],
      [0.5, 10],
      [Number.NaN, 10],
    ].map(([start, end]): [unknown, string] => [
      { id: "1", text: "John Kerry", mentions: [{ text: "John Kerry", span: { start, end } }] },
      Number.isNaN(start) ? "CAPTION_INVALID" : "OFFSETS",
    ]),
  ])("rejects %j with %s", async (given, code) => {
    await using linker = await createLinker({ kb: entities, model: toyModel() });
    await expect(linker.link(given as Caption)).rejects.toMatchObject({ code });
    const results = await collect(linker.linkAll([given as Caption, kerry]));
    expect(results.map(({ links, error }) => links?.id ?? error?.code)).toEqual([code, "1"]);
  });

  it.each([{ topK: 0 }, { candidates: 1.5 }, { topK: Number.NaN }])(
    "rejects the options %o",
    async (options) => {
      const linker = createLinker({ kb: entities, model: toyModel(), ...options });
      await expect(linker).rejects.toMatchObject({ code: "CONFIG" });
    },
  );
});

describe("a caption in file form", () => {
  const placed: Caption = {
    id: "1",
    text: "👍 John Kerry with Moncef Marzouki",
    language: "en",
    mentions: [
      { text: "John Kerry", span: { start: 3, end: 13 }, gold: { kind: "entity", id: "Q1" } },
      { text: "Moncef Marzouki", span: { start: 19, end: 34 }, gold: { kind: "nil" } },
      { text: "Carthage Palace" },
    ],
  };

  it("reaches the model as a Caption and gets the same links", async () => {
    const model = toyModel();
    await using linker = await createLinker({ kb: entities, model });
    const filed = captionToWire(placed);
    expect(filed.mentions![0]).toEqual({ text: "John Kerry", start: 3, end: 13, gold: "Q1" });
    const links = await linksOf(linker.linkAll([placed, filed, JSON.parse(JSON.stringify(filed))]));
    expect(links[1]).toEqual(links[0]);
    expect(links[2]).toEqual(links[0]);
    expect(await linker.link(filed)).toEqual(links[0]);
    const seen = model.seen.flat().map(({ caption }) => caption);
    for (const caption of seen) expect(caption).toEqual(withoutGold(placed));
  });

  it("gets links in file form, with whole entities", async () => {
    await using linker = await createLinker({ kb: entities, model: toyModel() });
    const links = await linker.link(placed);
    expect(links).toMatchObject(linksToWire(links));
    expect(links).toMatchObject(linksSchema.parse(links));
    const { text, start, end, outcome, entity, candidates } = links.mentions[0]!;
    expect({ text, start, end, outcome }).toEqual({
      text: "John Kerry",
      start: 3,
      end: 13,
      outcome: "linked",
    });
    expect(entity).toEqual(entities[1]);
    expect(candidates[0]).toMatchObject({
      id: "Q2",
      label: "John Kerry",
      entity: entities[1],
      probability: null,
    });
    expect(links.mentions[2]).not.toHaveProperty("start");
  });

  it("needs no mentions if they are detected", async () => {
    await using linker = await createLinker({ kb: entities, model: toyModel(), detect: true });
    const { id, text } = placed;
    const links = await linker.link({ id, text: text.replace("with", "met") });
    expect(links).toEqual(await linker.link({ id, text: text.replace("with", "met"), mentions: [] }));
    expect(ids(links)).toContain("Q2");
  });

  it.each<[string, object, string]>([
    ["a position that holds another text", { start: 0, end: 10 }, "OFFSETS"],
    ["a position outside the text", { start: 3, end: 99 }, "OFFSETS"],
    ["an offset inside a character", { start: 1, end: 13 }, "OFFSETS"],
    ["a start without an end", { start: 3 }, "OFFSETS"],
    ["an end without a start", { end: 13 }, "OFFSETS"],
    ["an offset that is not a number", { start: "3", end: "13" }, "CAPTION_INVALID"],
    ["both forms", { start: 3, end: 13, span: { start: 3, end: 13 } }, "CAPTION_INVALID"],
  ])("is rejected with %s, and yielded unchanged", async (_, place, code) => {
    await using linker = await createLinker({ kb: entities, model: toyModel() });
    const wrong = { id: "1", text: placed.text, mentions: [{ text: "John Kerry", ...place }] };
    await expect(linker.link(wrong as CaptionInput)).rejects.toMatchObject({
      code,
      detail: { where: "caption 1" },
    });
    const [rejected, linked] = await collect(linker.linkAll([wrong as CaptionInput, placed]));
    expect(rejected).toEqual({ caption: wrong, error: expect.objectContaining({ code }) });
    expect(rejected!.caption).toBe(wrong);
    expect(linked!.links?.id).toBe("1");
  });
});

describe("a parsed caption", () => {
  const line = JSON.stringify({
    id: "1",
    text: "John Kerry",
    mentions: [{ text: "John Kerry", start: 0, end: 10 }],
  });
  const parsed = async (): Promise<Caption> => {
    const [read] = await collect(readCaptions(Readable.from([Buffer.from(line)])));
    if (read?.kind !== "record") throw read?.error;
    return read.value;
  };

  it("gets the same links as its copy, which is checked", async () => {
    await using linker = await createLinker({ kb: entities, model: toyModel() });
    const caption = await parsed();
    expect(isParsed(caption)).toBe(true);
    expect(isParsed(structuredClone(caption))).toBe(false);
    expect(await linker.link(caption)).toEqual(await linker.link(structuredClone(caption)));
  });

  it("stays parsed when fields are added, and comes back with them", async () => {
    await using linker = await createLinker({ kb: entities, model: toyModel() });
    const given = { ...(await parsed()), image: "a.jpg", line: 3 };
    expect(isParsed(given)).toBe(true);
    const [result] = await collect(linker.linkAll([given]));
    expect(result!.caption.line).toBe(3);
  });

  it("is checked again after any other edit", async () => {
    await using linker = await createLinker({ kb: entities, model: toyModel() });
    const caption = await parsed();
    const edits: [object, string][] = [
      [{ text: "Mr John Kerry" }, "OFFSETS"],
      [{ id: "" }, "CAPTION_INVALID"],
      [{ mentions: [] }, "CAPTION_INVALID"],
      [{ mentions: [{ ...caption.mentions[0]!, span: { start: 0, end: 11 } }] }, "OFFSETS"],
      [{ mentions: caption.mentions.map((one) => ({ ...one, text: " " })) }, "CAPTION_INVALID"],
    ];
    for (const [edit, code] of edits)
      await expect(linker.link({ ...caption, ...edit })).rejects.toMatchObject({ code });
  });

  it("cannot be edited in place", async () => {
    const { mentions } = await parsed();
    expect(() => (mentions as unknown[]).push({ text: "Kerry" })).toThrow(TypeError);
    expect(() => Object.assign(mentions[0]!, { text: "Kerry" })).toThrow(TypeError);
    expect(() => Object.assign(mentions[0]!.span!, { end: 5 })).toThrow(TypeError);
  });
});

describe("gold in linking", () => {
  const golds = fc.constantFrom(undefined, null, "Q1", "Q2", "Q3", "Q4", "Q5", "Q99");
  const names = fc.constantFrom("John Kerry", "Kerry", "Moncef Marzouki", "Carthage Palace", "Nobody");

  it("never reaches the model and does not change links", async () => {
    const model = toyModel();
    await using linker = await createLinker({ kb: entities, model, explain: true });
    const captions = fc
      .array(fc.array(fc.tuple(names, golds), { minLength: 1, maxLength: 4 }), { maxLength: 5 })
      .map((list) =>
        list.map((mentions, i) => caption(`${i}`, ...mentions.map(([text, gold]) => mention(text, gold)))),
      );
    await fc.assert(
      fc.asyncProperty(captions, async (captions) => {
        model.seen.length = 0;
        const withGold = await linksOf(linker.linkAll(captions));
        const seen = JSON.stringify(model.seen);
        model.seen.length = 0;
        const without = await linksOf(linker.linkAll(captions.map(withoutGold)));
        expect(seen).toBe(JSON.stringify(model.seen));
        expect(seen).not.toContain("gold");
        expect(withGold).toEqual(without);
        expect(await linksOf(linker.linkAll(captions.map((one) => captionToWire(one))))).toEqual(without);
      }),
      { numRuns: 50 },
    );
  });
});

describe("linkAll", () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, at) =>
      caption(`${at}`, ...Array.from({ length: 1 + (at % 4) }, () => mention("Kerry"))),
    );

  it("yields every caption once, in order, however they are batched", async () => {
    await using linker = await createLinker({ kb: entities, model: toyModel() });
    for (const count of [0, 1, 31, 32, 33, 200]) {
      const links = await linksOf(linker.linkAll(many(count)));
      expect(links.map(({ id }) => id)).toEqual(many(count).map(({ id }) => id));
    }
  });

  it("yields the same links as `link` for each caption", async () => {
    await using linker = await createLinker({ kb: entities, model: toyModel() });
    const captions = [kerry, ...many(40), kerry];
    const alone: CaptionLinks[] = [];
    for (const one of captions) alone.push(await linker.link(one));
    expect(await linksOf(linker.linkAll(captions))).toEqual(alone);
  });

  it("reads ahead by one batch at most and finds candidates while the model scores", async () => {
    let read = 0;
    const readWhenScoring: number[] = [];
    const model = toyModel({
      onScore: async () => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        readWhenScoring.push(read);
      },
    });
    await using linker = await createLinker({ kb: entities, model });
    async function* source() {
      for (const one of Array.from({ length: 200 }, (_, at) => caption(`${at}`, mention("Kerry")))) {
        read++;
        yield one;
      }
    }
    let linked = 0;
    for await (const _ of linker.linkAll(source())) {
      linked++;
      if (linked % 32 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(read).toBeLessThanOrEqual(Math.ceil(linked / 32) * 32 + 32);
    }
    expect(readWhenScoring.slice(0, 3)).toEqual([64, 96, 128]);
  });

  it("answers a source that waits for each result before it yields the next caption", async () => {
    await using linker = await createLinker({ kb: entities, model: toyModel() });
    const linked: string[] = [];
    async function* source() {
      for (const one of many(3)) {
        const before = linked.length;
        yield one;
        while (linked.length === before) await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
    for await (const { caption } of linker.linkAll(source())) linked.push(caption.id);
    expect(linked).toEqual(["0", "1", "2"]);
  }, 10_000);

  it("closes batches by number of mentions, so a caption with 1,000 mentions does not wait for others", async () => {
    const model = toyModel();
    await using linker = await createLinker({ kb: entities, model });
    const huge = caption("huge", ...Array.from({ length: 1000 }, () => mention("Kerry")));
    await collect(linker.linkAll([...many(3), huge, ...many(40)]));
    const mentions = model.seen.map((batch) =>
      batch.reduce((sum, { caption }) => sum + caption.mentions.length, 0),
    );
    expect(mentions[0]).toBeLessThanOrEqual(1000 + 31);
    expect(Math.max(...mentions.slice(1))).toBeLessThanOrEqual(31 + 4);
  });

  it.each([0, 1, 40, 41])(
    "links the %i captions that precede an error of the source, then throws the error",
    async (count) => {
      await using linker = await createLinker({ kb: entities, model: toyModel() });
      async function* source() {
        yield* many(count);
        throw new Error("a broken line");
      }
      const linked: string[] = [];
      const run = async () => {
        for await (const { caption } of linker.linkAll(source())) linked.push(caption.id);
      };
      await expect(run()).rejects.toThrow("a broken line");
      expect(linked).toEqual(many(count).map(({ id }) => id));
    },
  );

  const good = fc
    .constantFrom("Kerry", "Moncef Marzouki", "Nobody")
    .map((name) => caption("good", mention(name)));
  const bad = fc.constantFrom<CaptionInput>(
    caption("none"),
    { id: "outside", text: "Kerry", mentions: [{ text: "Kerry", start: 1, end: 6 }] },
    { id: "half", text: "Kerry", mentions: [{ text: "Kerry", start: 0 }] },
    { id: "surrogate", text: "\ud800", mentions: [{ text: "Kerry" }] },
    undefined as unknown as CaptionInput,
  );

  it("yields one result per caption in input order, links for good captions and errors for bad ones", async () => {
    await using linker = await createLinker({ kb: entities, model: toyModel() });
    const source = fc.array(fc.oneof({ weight: 3, arbitrary: good }, bad), { maxLength: 150 });
    await fc.assert(
      fc.asyncProperty(source, fc.boolean(), async (captions, slow) => {
        async function* slowly() {
          for (const [i, one] of captions.entries()) {
            if (i % 50 === 49) await new Promise((resolve) => setTimeout(resolve, 60));
            yield one;
          }
        }
        const results = await collect(linker.linkAll(slow ? slowly() : captions));
        expect(results).toHaveLength(captions.length);
        for (const [i, { caption, links, error }] of results.entries()) {
          expect(caption).toBe(captions[i]);
          const outcome = caption?.id === "good" ? links : error;
          expect(outcome).toBeDefined();
          if (caption?.id === "good") expect(links).toEqual(await linker.link(caption));
          else expect(error!.code).toMatch(/^(CAPTION_INVALID|OFFSETS|ENCODING)$/);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("yields errors without waiting for a later caption that can be linked", async () => {
    await using linker = await createLinker({ kb: entities, model: toyModel() });
    async function* source() {
      yield caption("bad");
      yield kerry;
      yield caption("bad");
      await new Promise(() => {});
    }
    const codes: (string | undefined)[] = [];
    const control = new AbortController();
    const run = async () => {
      for await (const { error } of linker.linkAll(source(), { signal: control.signal }))
        if (codes.push(error?.code) === 3) control.abort();
    };
    await expect(run()).rejects.toMatchObject({ code: "ABORTED" });
    expect(codes).toEqual(["CAPTION_INVALID", undefined, "CAPTION_INVALID"]);
  }, 10_000);

  it("batches the captions that can be linked as if the others were not there", async () => {
    const batchesOf = async (captions: readonly CaptionInput[]) => {
      const model = toyModel();
      await using linker = await createLinker({ kb: entities, model });
      await collect(linker.linkAll(captions));
      return model.seen.map((batch) => batch.map(({ caption }) => caption.id));
    };
    const mixed = many(100).flatMap((one, i) => (i % 3 === 1 ? [caption("bad"), one] : [one]));
    expect(await batchesOf(mixed)).toEqual(await batchesOf(many(100)));
  });

  it("stops when the signal fires, even while it waits for a caption", async () => {
    await using linker = await createLinker({ kb: entities, model: toyModel() });
    const control = new AbortController();
    async function* source() {
      yield* many(40);
      await new Promise(() => {});
    }
    const linked: string[] = [];
    const run = async () => {
      for await (const { caption } of linker.linkAll(source(), { signal: control.signal })) {
        linked.push(caption.id);
        setTimeout(() => control.abort(), 20);
      }
    };
    await expect(run()).rejects.toMatchObject({ code: "ABORTED" });
    expect(linked.length).toBeGreaterThan(0);
    const late = collect(linker.linkAll(many(1), { signal: AbortSignal.abort() }));
    await expect(late).rejects.toMatchObject({ code: "ABORTED" });
  });

  it("lets timers and signals run while it links", async () => {
    await using linker = await createLinker({ kb: entities, model: toyModel() });
    const signal = AbortSignal.timeout(30);
    await expect(collect(linker.linkAll(many(100_000), { signal }))).rejects.toMatchObject({
      code: "ABORTED",
    });
    const huge = caption("huge", ...Array.from({ length: 1000 }, () => mention("Kerry")));
    const endless = Array.from({ length: 1000 }, () => huge);
    await expect(collect(linker.linkAll(endless, { signal: AbortSignal.timeout(30) }))).rejects.toMatchObject(
      { code: "ABORTED" },
    );
  });

  it("closes the source when the consumer stops early", async () => {
    await using linker = await createLinker({ kb: entities, model: toyModel() });
    let closed = false;
    async function* source() {
      try {
        yield* many(500);
      } finally {
        closed = true;
      }
    }
    for await (const _ of linker.linkAll(source())) break;
    expect(closed).toBe(true);
  });
});

describe("createLinker", () => {
  it("rejects captions once the linker is closed, including those in progress", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mmel-linker-"));
    try {
      await importKb(join(folder, "kb"), entities);
      for (const kb of [join(folder, "kb"), entities]) {
        const linker = await createLinker({ kb, model: toyModel() });
        const underWay = linker.link(kerry).then(
          () => "linked",
          ({ code }) => code,
        );
        await linker.close();
        await linker.close();
        expect(await underWay).toBe(typeof kb === "string" ? "ABORTED" : "linked");
        await expect(linker.link(kerry)).rejects.toMatchObject({ code: "USAGE" });
        await expect(collect(linker.linkAll([kerry]))).rejects.toMatchObject({ code: "USAGE" });
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("leaves a store and a model open that were passed in open", async () => {
    const [store, model] = [createMemoryStore(entities), toyModel()];
    await (await createLinker({ kb: store, model })).close();
    expect(model.closed).toBe(false);
    expect((await store.getMany(["Q1"])).size).toBe(1);
  });

  it("links the same from a folder, a store and a list of entities", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mmel-linker-"));
    try {
      const kb = join(folder, "kb");
      const manifest = await importKb(kb, entities, { name: "memory" });
      const links: CaptionLinks[] = [];
      for (const from of [kb, createMemoryStore(entities), entities]) {
        await using linker = await createLinker({ kb: from, model: toyModel() });
        expect(linker.kb).toBe(`memory@${manifest.version}`);
        links.push(await linker.link(kerry));
      }
      expect(links[1]).toEqual(links[0]);
      expect(links[2]).toEqual(links[0]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("accepts entities with only id and label", async () => {
    const bare = entities.map(({ id, label }) => ({ id, label }));
    await using linker = await createLinker({ kb: bare, model: toyModel() });
    await using full = await createLinker({
      kb: bare.map(({ id, label }) => entity(id, label)),
      model: toyModel(),
    });
    expect(await linker.link(kerry)).toEqual(await full.link(kerry));
  });

  it("throws for a missing knowledge base or model", async () => {
    const nothing = {} as Parameters<typeof createLinker>[0];
    await expect(createLinker(nothing)).rejects.toMatchObject({ code: "CONFIG" });
    await expect(createLinker({ kb: "/nowhere/at/all", model: toyModel() })).rejects.toMatchObject({
      code: "KB_NOT_FOUND",
    });
    await expect(createLinker({ kb: entities, model: "/no/such/model" })).rejects.toMatchObject({
      code: "MODEL_NOT_FOUND",
    });
  });
});
