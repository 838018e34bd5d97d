import { existsSync, readFileSync } from "node:fs";
import { open, readdir, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import {
  captionOf,
  importDemo,
  lines,
  links,
  mmel,
  records,
  scratch,
  spawnMmel,
  writeRecords,
} from "./harness.js";

const path = scratch();
const kb = path("kb");
const good = captionOf("good", "Paris");
const last = captionOf("last", "Amazon", "Jeff Bezos");
beforeAll(() => importDemo(kb));

interface Reject {
  readonly line: number;
  readonly id?: string;
  readonly code: string;
  readonly error: string;
}

const MiB = 1 << 20;

/** A file with a line of 100 MiB between two short lines. */
async function fileWithLongLine(name: string, first: unknown, third: unknown): Promise<string> {
  const file = await open(path(name), "w");
  await file.write(`${JSON.stringify(first)}\n{"id":"long","text":"`);
  const block = Buffer.alloc(MiB, "x");
  for (let written = 0; written < 100; written++) await file.write(block);
  await file.write(`"}\n${JSON.stringify(third)}\n`);
  await file.close();
  return path(name);
}

describe("captions", () => {
  it("rejects each bad line with its number and reason, and links the others", async () => {
    const bad: [line: string | object, code: string][] = [
      ['{"id":"latin1","text":"caf\u00e9","mentions":[{"text":"caf"}]}', "ENCODING"], // written as latin1 below
      ["not JSON", "FORMAT"],
      ["[1,2]", "CAPTION_INVALID"],
      ["null", "CAPTION_INVALID"],
      [{ id: 5, text: "x" }, "CAPTION_INVALID"],
      [{ id: "t" }, "CAPTION_INVALID"],
      [{ id: "off", text: "Paris", mentions: [{ text: "Paris", start: 1, end: 50 }] }, "OFFSETS"],
      [{ id: "neg", text: "Paris", mentions: [{ text: "Paris", start: -1, end: 4 }] }, "CAPTION_INVALID"],
      [{ id: "other", text: "Paris", mentions: [{ text: "Pari", start: 1, end: 5 }] }, "OFFSETS"],
      ['{"id":"half","text":"\\ud83d Paris","mentions":[{"text":"Paris"}]}', "ENCODING"],
      [captionOf("empty", ""), "CAPTION_INVALID"],
      [captionOf("blank", " \t"), "CAPTION_INVALID"],
      [captionOf("long", "x".repeat(10_000)), "CAPTION_INVALID"],
      [captionOf("many", ...Array<string>(10_000).fill("Paris")), "CAPTION_INVALID"],
      [{ id: "none", text: "nobody" }, "CAPTION_INVALID"],
      [good, "DUPLICATE_ID"],
    ];
    const all = [good, ...bad.map(([line]) => line), last];
    const text = all.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join("\n");
    await writeFile(path("bad.jsonl"), text, "latin1");
    const args = ["link", path("bad.jsonl"), "--kb", kb];
    const { code, stdout, stderr } = await mmel([...args, "--rejects", path("bad.rej")]);
    expect(code).toBe(1);
    expect(links(stdout).map(({ id }) => id)).toEqual(["good", "last"]);
    const rejects = await records<Reject>(path("bad.rej"));
    const byLine = rejects.toSorted((a, b) => a.line - b.line).map((reject) => [reject.line, reject.code]);
    expect(byLine).toEqual(bad.map(([, errorCode], at) => [at + 2, errorCode]));
    for (const { line, error } of rejects) expect(error).toContain(`line ${line}`);
    expect(stderr).toContain(`${bad.length} records were rejected`);

    const strict = await mmel([...args, "--on-error", "fail"]);
    expect(strict.code).toBe(1);
    expect(links(strict.stdout).map(({ id }) => id)).toEqual(["good"]);
    expect(lines(strict.stderr)).toHaveLength(1);
  });

  it("also writes the line where it stops to the rejects file", async () => {
    const file = await writeRecords(path("stop.jsonl"), [good, "no JSON", last]);
    const rejects = path("stop.rej");
    const args = ["link", file, "--kb", kb, "--model", "lexical", "--on-error", "fail", "--rejects", rejects];
    const { code, stdout } = await mmel(args);
    expect(code).toBe(1);
    expect(links(stdout).map(({ id }) => id)).toEqual(["good"]);
    expect(await records<Reject>(rejects)).toMatchObject([{ line: 2, code: "FORMAT" }]);
  });

  it("shows a mention whose offsets do not match the text", async () => {
    const mentions = [
      { text: "Paris", start: 1, end: 6 },
      { text: "Paris", start: 0, end: 99 },
      { text: "\u00e9", start: 6, end: 8 },
    ];
    const text = "Paris e\u0301";
    const file = await writeRecords(
      path("offsets.jsonl"),
      mentions.map((mention, at) => ({ id: `${at}`, text, mentions: [mention] })),
    );
    const rejects = path("offsets.rej");
    await mmel(["link", file, "--kb", kb, "--model", "lexical", "--rejects", rejects]);
    expect((await records<Reject>(rejects)).map(({ error }) => error)).toEqual([
      expect.stringContaining('mentions[0] is "Paris", but the text from 1 to 6 is "aris "'),
      expect.stringContaining('mentions[0] is "Paris" from 0 to 99: position 99 is outside the text'),
      expect.stringContaining("Unicode normalisation"),
    ]);
  });

  it("links 1,000 mentions in one caption", async () => {
    const names = ["Kerry", "Mildred Kennelly-Bush", "Serena Williams", "Bezos"];
    const caption = captionOf("crowd", ...Array.from({ length: 1000 }, (_, at) => names[at % names.length]!));
    const { code, stdout, peak } = await spawnMmel(
      ["link", "--kb", kb, "--top-k", "1"],
      JSON.stringify(caption),
    );
    expect(code).toBe(0);
    expect(links(stdout)[0]?.mentions).toHaveLength(1000);
    expect(peak).toBeLessThan(1200);
  }, 300_000); // a minute of processor time

  it("skips a line of 100 MiB in bounded memory", async () => {
    const file = await fileWithLongLine("long.jsonl", good, last);
    const { code, stdout, stderr, peak } = await spawnMmel(["link", file, "--kb", kb, "--model", "lexical"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/LINE_TOO_LONG: .*line 2/);
    expect(links(stdout).map(({ id }) => id)).toEqual(["good", "last"]);
    expect(peak).toBeLessThan(400);
  });

  it.each([
    ["", "empty"],
    ["\n\n", "empty"],
    [Buffer.from("\ufeff", "utf16le").toString("latin1"), "UTF-16"],
  ])("explains what is wrong with an input of %j", async (text, words) => {
    await writeFile(path("whole.jsonl"), text, "latin1");
    const { code, stdout, stderr } = await mmel(["link", path("whole.jsonl"), "--kb", kb]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^mmel: (FORMAT|ENCODING): [^\n]*whole\.jsonl[^\n]*\n$/);
    expect(stderr).toContain(words);
  });
});

describe("the file of captions", () => {
  it.each([
    ["link"],
    ["adapt"],
    ["calibrate", "--model", "lexical", "--output", path("never-written")],
    ["evaluate"],
    ["recommend"],
  ])("is not overwritten by the rejects of mmel %s", async (command, ...options) => {
    const file = await writeRecords(path("kept.jsonl"), [good, last]);
    const before = readFileSync(file);
    const { code, stderr } = await mmel([command, file, "--kb", kb, ...options, "--rejects", file]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^mmel: USAGE: [^\n]*kept\.jsonl is also an input file[^\n]*\n$/);
    expect(readFileSync(file)).toEqual(before);
  });
});

describe("an existing file of rejects", () => {
  it.each(["link", "evaluate"])("stays as it is if mmel %s finds no knowledge base", async (command) => {
    const rejects = path(`earlier-${command}.rej`);
    await writeFile(rejects, "earlier\n");
    const file = await writeRecords(path("some.jsonl"), [good]);
    const args = [command, file, "--kb", path("no-such-kb"), "--rejects", rejects];
    const { code, stderr } = await mmel(args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("KB_NOT_FOUND") });
    expect(readFileSync(rejects, "utf8")).toBe("earlier\n");
  });
});

describe("mmel recommend", () => {
  it.each([
    ["captions without mentions", { id: "1", text: "Paris" }, "--detect"],
    ["entities", { id: "1", label: "Paris" }, "mmel kb import"],
    ["a list", "[", "jq"],
  ])("names what helps with %s", async (_, record, words) => {
    const file = await writeRecords(path("recommend.jsonl"), [record]);
    const { code, stdout, stderr } = await spawnMmel(["recommend", file, "--kb", kb]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(words);
    expect(stderr).toMatch(/mmel: CAPTION_INVALID: (?!.*mmel-recommend-)/);
  });
});

describe("entities", () => {
  it("rejects each bad line and imports the others", async () => {
    const bad: [line: string | object, code: string][] = [
      ['{"id":"nan","label":"N","popularity":NaN}', "FORMAT"],
      ['{"id":"inf","label":"N","popularity":1e999}', "ENTITY_INVALID"],
      [{ id: "neg", label: "N", popularity: -1 }, "ENTITY_INVALID"],
      [{ id: "e", label: "" }, "ENTITY_INVALID"],
      [{ id: "", label: "no id" }, "ENTITY_INVALID"],
      [{ id: "i".repeat(1301), label: "N" }, "ENTITY_INVALID"],
      [{ id: "l", label: "x".repeat(10_000) }, "ENTITY_INVALID"],
      [{ id: "a", label: "A", aliases: "not a list" }, "ENTITY_INVALID"],
      ['{"id":"half","label":"\\udc00"}', "ENCODING"],
    ];
    const file = await writeRecords(path("entities.jsonl"), [
      { id: "1", label: "One" },
      ...bad.map(([line]) => line),
      { id: "2", label: "Two" },
    ]);
    const { code, stdout } = await mmel([
      "kb",
      "import",
      file,
      "--kb",
      path("bad-kb"),
      "--json",
      "--rejects",
      path("entities.rej"),
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ entities: 2, rejected: bad.length });
    const rejects = await records<Reject>(path("entities.rej"));
    expect(rejects.map(({ line, code }) => [line, code])).toEqual(bad.map(([, code], at) => [at + 2, code]));
  });

  it("keeps the old knowledge base if no record is valid", async () => {
    const old = path("old-kb");
    await writeFile(path("one.jsonl"), '{"id":"a","label":"A"}\n');
    await writeFile(path("no-good.jsonl"), '{"id":1}\n{"x":2}\n');
    await mmel(["kb", "import", path("one.jsonl"), "--kb", old]);
    const { code, stderr } = await mmel(["kb", "import", path("no-good.jsonl"), "--kb", old]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("mmel: FORMAT: the input contains no valid entity"),
    ]);
    expect((await mmel(["kb", "export", "--kb", old])).stdout).toContain('"label":"A"');
  });

  it("rejects a popularity in CSV that is not a number", async () => {
    await writeFile(path("e.csv"), "id,label,popularity\na,A,NaN\nb,B,Infinity\nc,C,3\n");
    const { code, stdout } = await mmel(["kb", "import", path("e.csv"), "--kb", path("csv-kb"), "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ entities: 1, rejected: 2 });
  });

  it("skips a line of 100 MiB in bounded memory", async () => {
    const file = await fileWithLongLine(
      "long-entity.jsonl",
      { id: "1", label: "One" },
      { id: "2", label: "Two" },
    );
    const { code, stdout, peak } = await spawnMmel(["kb", "import", file, "--kb", path("long-kb"), "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ entities: 2, rejected: 1 });
    expect(peak).toBeLessThan(400);
  });

  it("keeps the old knowledge base if an import fails", async () => {
    const before = (await mmel(["kb", "info", "--kb", kb])).stdout;
    const empty = await writeRecords(path("empty.jsonl"), []);
    const bad = await writeRecords(path("half.jsonl"), [{ id: "1", label: "One" }, "no JSON"]);
    for (const args of [[empty], [path("none.jsonl")], [bad, "--on-error", "fail"]]) {
      const { code, stdout } = await mmel(["kb", "import", ...args, "--kb", kb]);
      expect(code).toBeGreaterThan(0);
      expect(stdout).toBe("");
    }
    expect((await mmel(["kb", "info", "--kb", kb])).stdout).toBe(before);
    expect((await readdir(kb)).filter((entry) => entry.startsWith("version-"))).toHaveLength(1);
  });
});

describe("an output that cannot be written", () => {
  const below = (): string => `${path("file")}/x`;
  beforeAll(() => writeFile(path("file"), "in the way"));

  it.each([
    ["link", () => ["link", "--kb", kb, "--output", below()]],
    ["rejects", () => ["link", "--kb", kb, "--rejects", below()]],
    ["page", () => ["link", "--kb", kb, "--format", "html", "--output", below()]],
    ["import", () => ["kb", "import", path("file.jsonl"), "--kb", below()]],
    ["export", () => ["kb", "export", "--kb", kb, "--output", below()]],
    ["demo", () => ["demo", "--output", below()]],
  ])("is reported in one line by %s", async (_, args) => {
    await writeRecords(path("file.jsonl"), [{ id: "1", label: "One" }]);
    const { code, stderr } = await mmel(args(), JSON.stringify(good));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^mmel: FILE_UNWRITABLE: [^\n]+\n$/);
  });

  it.skipIf(!existsSync("/dev/full"))("is reported for a full disk (needs /dev/full)", async () => {
    const { code, stderr } = await mmel(["link", "--kb", kb, "--output", "/dev/full"], JSON.stringify(good));
    expect(code).toBe(1);
    expect(stderr).toMatch(/FILE_UNWRITABLE: the disk is full, \/dev\/full/);
  });

  it("stays unchanged if the input fails at once", async () => {
    await writeFile(path("earlier.jsonl"), "earlier\n");
    const { code } = await mmel(["link", path("none.jsonl"), "--kb", kb, "--output", path("earlier.jsonl")]);
    expect(code).toBe(2);
    expect(readFileSync(path("earlier.jsonl"), "utf8")).toBe("earlier\n");
    expect(existsSync(path("earlier.jsonl.previous"))).toBe(false);
  });
});
