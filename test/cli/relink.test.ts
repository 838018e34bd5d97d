import { readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../src/core/index.js";
import { captionOf, links, mmel, records, scratch, writeRecords } from "./harness.js";

const path = scratch();
const [OLD, NEW] = [path("old"), path("new")];
/** Entities of the old version, several with each name. */
const SIZE = 400;
const GIVEN = "Ada Bruno Clara Dario Edda Fabio Greta Hugo Irma Jakob".split(" ");
const FAMILY = "Aalto Brenner Castell Dorn Ebner Falk Gruber Hartl Ilg Jost Kern Lutz".split(" ");
const ROLES = "painter sculptor surgeon violinist brewer judge".split(" ");

const random = createRandom(11);
const pick = <T>(all: readonly T[]): T => all[Math.floor(random.next() * all.length)]!;
const person = (id: string) => ({
  id,
  label: `${pick(GIVEN)} ${pick(FAMILY)}`,
  description: `${pick(ROLES)} from ${pick(FAMILY)}stadt`,
  properties: { occupation: [pick(ROLES)], birth: [String(1800 + Math.floor(random.next() * 150))] },
  popularity: Math.floor(random.next() * 20),
});
const people = Array.from({ length: SIZE }, (_, at) => person(`p${at}`));
const gone = new Set(["p0", "p7"]);
const update = [
  ...Array.from({ length: 3 }, (_, at) => person(`n${at}`)),
  { ...people[3]!, description: "judge and violinist" },
  { id: "only", label: "Zita Xylander", description: "brewer" },
];
const captions = [
  captionOf("first", people[0]!.label, "Zita Xylander"),
  ...Array.from({ length: 60 }, (_, at) => captionOf(`c${at}`, pick(people).label, pick(people).label)),
];

const lexical = ["--model", "lexical"];
const link = (kb: string, input: string, output: string) =>
  mmel(["link", path(input), "--kb", kb, ...lexical, "--output", path(output)]);
const relink = (...args: string[]) => mmel(["relink", path("links.jsonl"), ...args, "--kb", NEW, ...lexical]);
const text = (name: string) => readFile(path(name), "utf8");

interface Finding {
  readonly id: string;
  readonly mention: string;
  readonly change: string;
  readonly before: { readonly id: string } | null;
  readonly after: { readonly id: string } | null;
  readonly removed?: boolean;
  readonly contradicted?: { readonly gold: string | null; readonly reason: string };
}

beforeAll(async () => {
  await writeRecords(path("people.jsonl"), people);
  await writeRecords(path("update.jsonl"), update);
  await writeFile(path("gone.txt"), [...gone].join("\n"));
  await writeRecords(path("captions.jsonl"), captions);
  for (const kb of [OLD, NEW])
    expect((await mmel(["kb", "import", path("people.jsonl"), "--kb", kb, "--name", "people"])).code).toBe(0);
  expect((await link(OLD, "captions.jsonl", "links.jsonl")).code).toBe(0);
  const changes = [path("update.jsonl"), "--update", "--remove", path("gone.txt")];
  expect((await mmel(["kb", "import", ...changes, "--kb", NEW])).code).toBe(0);
  expect((await link(NEW, "captions.jsonl", "full.jsonl")).code).toBe(0);
});

describe("mmel relink", () => {
  it("writes the links of a full run to the byte, and reports each changed outcome", async () => {
    const files = ["--output", path("new.jsonl"), "--report", path("report.jsonl")];
    const { code, stdout } = await relink(path("captions.jsonl"), ...files, "--json");
    expect(code).toBe(0);
    expect(await text("new.jsonl")).toBe(await text("full.jsonl"));
    const outcomes = async (name: string) =>
      links(await text(name)).flatMap(({ id, mentions }) =>
        mentions.map(({ text, entity }) => ({ id, text, entity: entity?.id ?? null })),
      );
    const [before, after] = [await outcomes("links.jsonl"), await outcomes("full.jsonl")];
    const changed = before.flatMap((was, at) =>
      was.entity === after[at]!.entity ? [] : [{ ...was, after: after[at]!.entity }],
    );
    const report = await records<Finding>(path("report.jsonl"));
    expect(report.map(({ id, mention, before, after }) => [id, mention, before?.id, after?.id])).toEqual(
      changed.map(({ id, text, entity, after }) => [id, text, entity ?? undefined, after ?? undefined]),
    );
    const kinds = report.map(({ before, after }) =>
      before === null ? "gained" : after === null ? "lost" : "changed",
    );
    expect(report.map(({ change }) => change)).toEqual(kinds);
    for (const { before, removed } of report) expect(removed ?? false).toBe(gone.has(before?.id ?? ""));
    expect(report).toContainEqual(
      expect.objectContaining({ id: "first", mention: "Zita Xylander", change: "gained", before: null }),
    );
    const count = (change: string): number => kinds.filter((kind) => kind === change).length;
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ captions: 61, again: 61, added: 0, dropped: 0 },
      ...{ lost: count("lost"), gained: count("gained"), changed: count("changed") },
    });
  });

  it("needs no captions file, with any unit of offsets", async () => {
    const { code } = await relink("--output", path("alone.jsonl"));
    expect(code).toBe(0);
    expect(await text("alone.jsonl")).toBe(await text("full.jsonl"));
    const bytes = ["--offsets", "byte"];
    const from = async (kb: string, file: string, output: string) =>
      mmel(["link", path(file), "--kb", kb, "--output", path(output), ...lexical, ...bytes]);
    const mention = { text: "Zita Xylander", start: 3, end: 16 };
    await writeRecords(path("accents.jsonl"), [{ id: "é", text: "É Zita Xylander", mentions: [mention] }]);
    await from(OLD, "accents.jsonl", "accents-old.jsonl");
    await from(NEW, "accents.jsonl", "accents-new.jsonl");
    const again = ["relink", path("accents-old.jsonl"), "--output", path("accents-again.jsonl")];
    expect((await mmel([...again, "--kb", NEW, ...lexical, ...bytes])).code).toBe(0);
    expect(await text("accents-again.jsonl")).toBe(await text("accents-new.jsonl"));
    expect(await text("accents-new.jsonl")).toContain('"start":3,"end":16');
  });

  it("with --since links again only some captions, and keeps no link to a changed entity", async () => {
    const files = ["--output", path("since.jsonl"), "--report", path("since-report.jsonl"), "--since", OLD];
    const { code, stdout } = await relink(path("captions.jsonl"), ...files, "--json");
    expect(code).toBe(0);
    const { again } = JSON.parse(stdout) as { again: number };
    expect(again).toBeGreaterThan(0);
    expect(again).toBeLessThan(captions.length);
    expect(await text("since-report.jsonl")).toBe(await text("report.jsonl"));
    const [old, full, since] = await Promise.all(["links.jsonl", "full.jsonl", "since.jsonl"].map(text));
    const kb = links(full!)[0]!.kb;
    const kept = links(old!).map((line) => JSON.stringify({ ...line, kb }));
    const lines = since!.trimEnd().split("\n");
    const fullLines = full!.trimEnd().split("\n");
    for (const [at, line] of lines.entries()) expect([kept[at], fullLines[at]]).toContain(line);
    expect(lines.filter((line, at) => line !== kept[at]).length).toBeLessThanOrEqual(again);
    for (const { mentions } of links(since!))
      for (const { candidates } of mentions)
        for (const { id } of candidates) expect(gone.has(id)).toBe(false);
  });

  it("links edited and added captions, and leaves out captions that are no longer there", async () => {
    const edited = [...captions.slice(1), captionOf("added", people[9]!.label)].reverse();
    await writeRecords(
      path("edited.jsonl"),
      edited.map((caption) => ({ ...caption, text: `${caption.text}, a judge` })),
    );
    await link(NEW, "edited.jsonl", "edited-full.jsonl");
    await writeFile(path("links.jsonl.gz"), gzipSync(await text("links.jsonl")));
    const args = [path("links.jsonl.gz"), path("edited.jsonl"), "--kb", NEW, ...lexical];
    const all = await mmel(["relink", ...args]);
    expect(all).toMatchObject({ code: 0, stdout: await text("edited-full.jsonl") });
    expect(all.stderr).toContain("left out the links of 1 caption ");
    const since = await mmel(["relink", ...args, "--since", OLD]);
    expect(since.stdout).toBe(all.stdout);
  });

  it("reports the decisions that the new version contradicts", async () => {
    const decide = (id: string, ...gold: (string | null)[]) => {
      const caption = captions.find((one) => one.id === id)!;
      return {
        ...caption,
        mentions: caption.mentions!.map((mention, at) => ({ ...mention, gold: gold[at] })),
      };
    };
    const old = links(await text("links.jsonl"));
    const [same] = old.filter(({ mentions }) =>
      mentions.every(({ entity }) => entity && !gone.has(entity.id)),
    );
    const agreed = same!.mentions.map(({ entity }) => entity!.id);
    await writeRecords(path("decided.jsonl"), [decide("first", "p7", null), decide(same!.id, ...agreed)]);
    const files = ["--decisions", path("decided.jsonl"), "--report", path("decisions.jsonl")];
    const { stderr } = await relink(path("captions.jsonl"), ...files);
    const found = (await records<Finding>(path("decisions.jsonl"))).filter(
      ({ contradicted }) => contradicted,
    );
    expect(
      found.filter(({ id }) => id === "first").map(({ mention, contradicted }) => [mention, contradicted]),
    ).toEqual([
      [people[0]!.label, { gold: "p7", reason: "removed" }],
      ["Zita Xylander", { gold: null, reason: "no longer linked" }],
    ]);
    expect(stderr).toMatch(new RegExp(`; ${found.length} of 4 decisions contradicted`));
  });

  it("rejects links of another model or version, missing captions, and an output over its input", async () => {
    const other = await mmel(["relink", path("links.jsonl"), path("captions.jsonl"), "--kb", NEW]);
    expect(other).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/CONFIG: the old links are from model lexical/),
    });
    const wrong = await relink(path("captions.jsonl"), "--since", NEW);
    expect(wrong).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/CONFIG: the old links are from knowledge/),
    });
    await writeFile(
      path("old.jsonl"),
      (await text("links.jsonl")).replaceAll(/(?<="id":"[^"]*",)"text":"[^"]*",/g, ""),
    );
    expect(await mmel(["relink", path("old.jsonl"), "--kb", NEW, ...lexical])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/USAGE: an earlier version of mmel wrote these links, without the texts/),
    });
    expect((await relink(path("captions.jsonl"), "--output", path("links.jsonl"))).code).toBe(2);
    expect((await relink(path("captions.jsonl"), "--json")).code).toBe(2);
    await writeFile(path("bad.jsonl"), '{"text":"no id"}\n');
    const bad = await mmel(["relink", path("bad.jsonl"), path("captions.jsonl"), "--kb", NEW, ...lexical]);
    expect(bad).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/FORMAT: the line does not contain links/),
    });
  });
});
