import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type Caption,
  type CaptionInput,
  calibrate,
  createLinker,
  detect,
  evaluate,
  importKb,
  type MmelError,
} from "../src/index.js";

const kb = [
  { id: "jordan", label: "Michael Jordan", description: "basketball player" },
  { id: "pippen", label: "Scottie Pippen", aliases: ["Pip"] },
];
const scratch = (): Promise<string> => mkdtemp(join(tmpdir(), "mmel-api-"));
const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "no error",
    (error: MmelError) => error.code,
  );
async function* streamed<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe("a linker", () => {
  it("searches by name and looks up by id, in a list and in an imported folder", async () => {
    const folder = join(await scratch(), "kb");
    expect((await importKb(folder, streamed(kb))).entities).toBe(2);
    for (const source of [kb, folder]) {
      await using linker = await createLinker({ kb: source, model: "lexical" });
      const [hit, ...rest] = await linker.search("Pip", { limit: 1 });
      expect(hit).toMatchObject({ entity: { id: "pippen", label: "Scottie Pippen" }, name: "Pip", score: 1 });
      expect(rest).toEqual([]);
      expect(await linker.entity("jordan")).toEqual({ ...kb[0], aliases: [], properties: {}, images: [] });
      expect(await linker.entity("nobody")).toBeUndefined();
      expect(await codeOf(linker.search("Pip", { limit: 0 }))).toBe("CONFIG");
      await linker.close();
      expect(await codeOf(linker.search("Pip"))).toBe("USAGE");
      expect(await codeOf(linker.entity("jordan"))).toBe("USAGE");
    }
  });
});

describe("detect", () => {
  it("adds mentions to captions without mentions only, and keeps gold annotations", async () => {
    const text = "Michael Jordan and Scottie Pippen";
    const given: CaptionInput[] = [
      { id: "1", text, language: "en" },
      { id: "2", text, mentions: [{ text: "Jordan", gold: "jordan" }] },
    ];
    const [first, second] = await collect(detect(streamed(given), { kb }));
    expect(first).toMatchObject({ id: "1", text, language: "en" });
    expect(first!.mentions.map(({ text, span }) => [text, text.length, span])).toEqual([
      ["Michael Jordan", 14, { start: 0, end: 14 }],
      ["Scottie Pippen", 14, { start: 19, end: 33 }],
    ]);
    expect(second!.mentions).toMatchObject([{ text: "Jordan", gold: { kind: "entity", id: "jordan" } }]);
    expect((await collect(detect(given, { kb, maxDetected: 1 })))[0]!.mentions).toHaveLength(1);
    expect(await codeOf(collect(detect([{ id: "3", text: "\ud800" }], { kb })))).toBe("ENCODING");
    const signal = AbortSignal.abort();
    expect(await codeOf(collect(detect(given, { kb, signal })))).toBe("ABORTED");
  });
});

describe("evaluate", () => {
  const files: CaptionInput[] = [
    {
      id: "1",
      text: "Jordan with Pippen",
      mentions: [{ text: "Jordan", gold: "jordan" }, { text: "Pippen" }],
    },
    { id: "2", text: "Jackson coaches", mentions: [{ text: "Jackson", start: 0, end: 7, gold: null }] },
    { id: "3", text: "No names here" },
  ];
  const parsed: Caption[] = [
    {
      id: "1",
      text: "Jordan with Pippen",
      mentions: [{ text: "Jordan", gold: { kind: "entity", id: "jordan" } }, { text: "Pippen" }],
    },
    {
      id: "2",
      text: "Jackson coaches",
      mentions: [{ text: "Jackson", span: { start: 0, end: 7 }, gold: { kind: "nil" } }],
    },
  ];

  it("accepts captions as in files and as parsed, in a list or a stream", async () => {
    const options = { kb, model: "lexical", resamples: 10, now: () => 0 };
    const evaluations = await Promise.all(
      [files, streamed(files), parsed].map((captions) => evaluate(captions, options)),
    );
    const [first, ...others] = evaluations.map(({ result }) => result);
    expect(first).toMatchObject({ captions: 2, mentions: 3, unannotated: 1, linkedAccuracy: 1 });
    for (const other of others) expect(other).toEqual(first);
  });

  it.each([
    ["CAPTION_INVALID", { id: "1", text: "Jordan", mentions: [{ text: "Jordan", gold: 7 }] }],
    [
      "CAPTION_INVALID",
      { id: "1", text: "Jordan", mentions: [{ text: "Jordan", gold: { kind: "entity" } }] },
    ],
    [
      "OFFSETS",
      { id: "1", text: "Jordan", mentions: [{ text: "Pippen", start: 0, end: 6, gold: "pippen" }] },
    ],
  ])("rejects an invalid caption with %s", async (code, caption) => {
    expect(await codeOf(evaluate([caption as CaptionInput], { kb, model: "lexical" }))).toBe(code);
  });
});

describe("calibrate", () => {
  const read = async <T>(file: string): Promise<T[]> =>
    (await readFile(file, "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as T);

  it("writes a calibrated copy of a bundled model only if that is better, and never changes the original", async () => {
    const captions = await read<CaptionInput>("demo/captions.jsonl");
    const options = {
      kb: await read<(typeof kb)[number]>("demo/entities.jsonl"),
      model: "lexical",
      hide: [0.5],
    };
    expect(await codeOf(calibrate(captions, options))).toBe("USAGE");
    const output = join(await scratch(), "calibrated");
    const quick = { ...options, output, folds: 2, variations: false };
    expect(await codeOf(calibrate(captions.slice(0, 3), quick))).toBe("CONFIG");
    const { change, fitted } = await calibrate(captions, { ...quick, nilRate: 0.4 });
    expect(change).toMatch(/^(calibration|coverage)$/);
    expect(fitted.coverage).toBe(0.6);
    expect(await readdir(output)).toEqual(expect.arrayContaining(["calibration.json", "weights.json"]));
    await using linker = await createLinker({ kb, model: output });
    expect((await linker.link(captions[0]!)).mentions).not.toEqual([]);
  });
});
