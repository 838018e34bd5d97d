import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { dumpLines } from "../../../bench/wikidata-dump.js";
import type { Entity } from "../../../src/core/index.js";
import {
  openWikidata,
  PAPER_PROPERTIES,
  readIdFile,
  readPropertyMap,
  type WikidataOptions,
} from "../../../src/datasets/wikidata/index.js";
import type { Rejected } from "../../../src/formats/index.js";
import { BZIP2_DUMP } from "./bzip2.js";
import { CONDON, dump, item, noValue, THINGS, to } from "./documents.js";

const folder = mkdtempSync(join(tmpdir(), "mmel-wikidata-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let works = 0;

const settings = { languages: ["en"], instanceOf: [], properties: PAPER_PROPERTIES };

async function file(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

async function read(files: readonly string[], options: Partial<WikidataOptions> = {}) {
  const reader = openWikidata(files, {
    settings,
    folder: join(folder, `work-${works++}`),
    threads: 2,
    ...options,
  });
  const entities: Entity[] = [];
  const rejected: Rejected[] = [];
  for await (const record of reader.entities()) {
    if (record.kind === "record") entities.push(record.value);
    else rejected.push(record);
  }
  return { entities, rejected, report: reader.report(), reader };
}

const labels = (entities: readonly Entity[]): string[] => entities.map(({ label }) => label);

describe("openWikidata", () => {
  it("resolves references to labels in the chosen languages from any position in the files", async () => {
    const first = await file("people.json", dump([CONDON]));
    const second = await file("things.json.gz", gzipSync(dump(THINGS)));
    const { entities, report } = await read([first, second], {
      settings: { ...settings, languages: ["de", "en"], instanceOf: ["Q5"] },
    });
    expect(entities).toHaveLength(1);
    expect(entities[0]).toMatchObject({
      label: "Francis Bernard Condon",
      aliases: ["Francis Condon", "Francis B. Condon", "Frank"],
      properties: {
        sex: ["männlich"],
        birth: ["1891-11-11, Central Falls"],
        occupation: ["Politiker", "lawyer"],
      },
    });
    expect(report).toMatchObject({ taken: 1, unresolved: 0, notFound: [] });
  });

  it("reports listed ids that redirect, and takes the target if the redirect comes with it", async () => {
    const [belgium, france] = [
      item("Q31", { labels: { en: "Belgium" } }),
      item("Q142", { labels: { en: "France" } }),
    ];
    const ids = await readIdFile(await file("moved.txt", "Q142\nQ200\nQ300\nQ999\n"));
    const asked = { settings: { ...settings, ids } };
    const answer = { entities: { Q200: belgium, Q142: france } };
    const answered = await read([await file("answer.json", JSON.stringify(answer))], asked);
    expect(labels(answered.entities)).toEqual(["Belgium", "France"]);
    expect(answered.report).toMatchObject({
      notFound: ["Q300", "Q999"],
      moved: [{ from: "Q200", to: "Q31", taken: true }],
    });

    const redirects = [
      { entity: "Q200", redirect: "Q201" },
      { entity: "Q300", redirect: "Q142" },
      { entity: "Q201", redirect: "Q31" },
    ];
    const dumped = await read([await file("moved.json", dump([belgium, ...redirects, france]))], asked);
    expect(labels(dumped.entities)).toEqual(["France"]);
    expect(dumped.report).toMatchObject({
      notFound: ["Q999"],
      moved: [
        { from: "Q200", to: "Q31", taken: false },
        { from: "Q300", to: "Q142", taken: true },
      ],
    });
    const nothing = read([await file("gone.json", dump([belgium, ...redirects.slice(2)]))], {
      settings: { ...settings, ids: await readIdFile(await file("201.txt", "Q201\n")) },
    });
    await expect(nothing).rejects.toMatchObject({
      code: "FORMAT",
      message: /List Q31 instead of Q201/,
    });
  });

  it("follows redirects and survives cycles of redirects and references", async () => {
    const lines = [
      item("Q1", {
        labels: { en: "A" },
        claims: { P26: [to("Q2")], P106: [to("Q10"), to("Q20"), to("Q99"), to("Q1")] },
      }),
      item("Q2", { labels: { en: "B" }, claims: { P26: [to("Q1")] } }),
      { entity: "Q10", redirect: "Q11" },
      { entity: "Q11", redirect: "Q12" },
      item("Q12", { labels: { en: "C" } }),
      { entity: "Q20", redirect: "Q21" },
      { entity: "Q21", redirect: "Q20" },
    ];
    const { entities, report, rejected } = await read([await file("circles.json", dump(lines))]);
    expect(rejected).toEqual([]);
    expect(entities.map(({ properties }) => properties)).toEqual([
      { occupation: ["C", "A"], spouse: ["B"] },
      { spouse: ["A"] },
      {},
    ]);
    expect(report).toMatchObject({ redirects: 4, unresolved: 2 });
  });

  it("reads responses of wbgetentities, on one or many lines, one or several per file", async () => {
    const answer = {
      entities: {
        Q1441444: CONDON,
        Q7: { id: "Q7", missing: "" },
        Q8: item("Q5", { labels: { en: "human" } }),
      },
      success: 1,
    };
    const others = { entities: Object.fromEntries(THINGS.slice(1).map((thing) => [thing.id, thing])) };
    const files = [
      await file("answer.json", `\ufeff${JSON.stringify(answer, null, 2)}`),
      await file("others.json", `${JSON.stringify(others)}\n`),
    ];
    const { entities, report } = await read(files);
    expect(labels(entities)).toEqual([
      "Francis Condon",
      "human",
      "male",
      "Central Falls",
      "politician",
      "lawyer",
    ]);
    expect(entities[0]?.properties.sex).toEqual(["male"]);
    expect(report).toMatchObject({ missing: 1, redirects: 1, unresolved: 0 });
    const both = await file("both.json", `${JSON.stringify(answer)}\n${JSON.stringify(others)}\n`);
    expect((await read([both])).entities).toEqual(entities);
    const cut = await file("cut-answer.json", JSON.stringify(answer).slice(0, -40));
    await expect(read([cut])).rejects.toMatchObject({ code: "FORMAT" });
  });

  it("reads all streams of a bzip2 file and rejects a truncated one", async () => {
    const { entities } = await read([await file("dump.json.bz2", BZIP2_DUMP)]);
    expect(labels(entities)).toEqual(Array.from({ length: 40 }, (_, index) => `Name ${index + 1}`));
    const cut = await file("cut.json.bz2", BZIP2_DUMP.subarray(0, 600));
    await expect(read([cut])).rejects.toThrow(/bzip2 data is damaged or truncated.*lines.*--resume/);
  });

  it("takes listed ids and the gold entities of captions, and reports those that are missing", async () => {
    const captions = [
      {
        id: "1",
        text: "A B",
        mentions: [
          { text: "A", gold: "Q5" },
          { text: "B", gold: null },
        ],
      },
      { id: "2", text: "C", mentions: [{ text: "C", gold: "Q424242" }] },
    ];
    const gold = await file("gold.jsonl", captions.map((record) => JSON.stringify(record)).join("\n"));
    const list = await file("ids.txt", "Q5\nhttp://www.wikidata.org/entity/Q424242\r\n\nQ5, human\n");
    const things = await file("things.json", dump(THINGS));
    for (const path of [gold, list]) {
      const ids = await readIdFile(path);
      const { entities, report } = await read([things], { settings: { ...settings, ids } });
      expect(labels(entities)).toEqual(["human"]);
      expect(report.notFound).toEqual(["Q424242"]);
    }
    await expect(readIdFile(await file("bad.txt", "Q5\nhuman\n"))).rejects.toMatchObject({ code: "FORMAT" });
    await expect(readIdFile(await file("none.txt", "\n"))).rejects.toMatchObject({ code: "FORMAT" });
  });

  it("does not report a listed item without a label as missing from the files", async () => {
    const items = [item("Q1", { labels: { xx: "A" } }), item("Q2", { labels: { en: "B" } })];
    const ids = await readIdFile(await file("unlabelled.txt", "Q1\nQ2\nQ3\n"));
    const { report } = await read([await file("unlabelled.json", dump(items))], {
      settings: { ...settings, ids },
    });
    expect(report).toMatchObject({ taken: 1, nameless: 1, notFound: ["Q3"] });
  });

  it("splits lines only at line feeds", async () => {
    const record = item("Q1", { labels: { en: "A\u2028B\u0085C" }, descriptions: { en: "D\u2029E\rF" } });
    const { entities } = await read([await file("separators.json", dump([record, ...THINGS]))]);
    expect(entities[0]).toMatchObject({ label: "A B C", description: "D E F" });
    expect(entities).toHaveLength(6);
  });

  it("rejects files in which no entity passes the filter", async () => {
    const things = await file("things.json", dump(THINGS));
    await expect(read([things], { settings: { ...settings, instanceOf: ["Q515"] } })).rejects.toThrow(
      /none of the 7 lines/,
    );
    await expect(read([await file("empty.json", "")])).rejects.toMatchObject({ code: "FORMAT" });
    await expect(read([join(folder, "absent.json")])).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  });

  it("rejects a broken line and an overlong entity with their line numbers", async () => {
    const lines = [...dumpLines(300, "broken")].map((line) => line.trimEnd());
    const whole = await read([await file("whole.json", `${lines.join("\n")}\n`)]);
    expect(whole.entities).toHaveLength(300);
    const huge = JSON.stringify(item("Q77", { labels: { en: "x".repeat(3 << 20) } }));
    const broken = [
      ...lines.slice(0, 150),
      lines[150]!.replace('"claims":', '"claims"'),
      ...lines.slice(151, 200),
      `${huge},`,
      ...lines.slice(201),
    ];
    const { entities, rejected } = await read(
      [await file("broken.json.gz", gzipSync(`${broken.join("\n")}\n`))],
      {
        maxLineBytes: 1 << 20,
      },
    );
    expect(rejected.map(({ line, error }) => [line, error.code])).toEqual([
      [151, "FORMAT"],
      [201, "LINE_TOO_LONG"],
    ]);
    expect(rejected[1]?.id).toBe("Q77");
    expect(rejected[0]?.error.message).toMatch(/not JSON.*broken\.json\.gz, line 151/);
    const gone = [whole.entities[149]!.id, whole.entities[199]!.id];
    const ids = whole.entities.map(({ id }) => id).filter((id) => !gone.includes(id));
    expect(entities.map(({ id }) => id)).toEqual(ids);
  });

  it("takes an entity of 10 MB", async () => {
    const statements = Array.from({ length: 15_000 }, () => to("Q5"));
    const large = item("Q77", { labels: { en: "Large" }, claims: { P9: statements, P26: [noValue()] } });
    expect(JSON.stringify(large).length).toBeGreaterThan(10e6);
    const { entities, rejected } = await read([await file("large.json", dump([large, ...THINGS]))]);
    expect({ rejected, first: labels(entities)[0] }).toEqual({ rejected: [], first: "Large" });
  });
});

describe("the work folder", () => {
  it("is rejected if it holds other files, which are never touched", async () => {
    const work = join(folder, "precious");
    await mkdir(work);
    await writeFile(join(work, "notes.txt"), "mine");
    const things = await file("things.json", dump(THINGS));
    await expect(read([things], { folder: work })).rejects.toMatchObject({ code: "CONFIG" });
    await rm(join(work, "notes.txt"));
    const { reader } = await read([things], { folder: work });
    await writeFile(join(work, "notes.txt"), "mine");
    await reader.finish();
    expect(await readdir(work)).toEqual(["notes.txt"]);
  });

  it("reports starting over only if earlier work is discarded", async () => {
    const things = await file("things.json", dump(THINGS));
    const work = join(folder, `work-${works++}`);
    let startsOver = 0;
    const options = { folder: work, onStartOver: () => void startsOver++ };
    const first = openWikidata([things], { settings, threads: 1, ...options }).entities();
    await first.next();
    await expect(read([things], options)).rejects.toMatchObject({ code: "KB_BUSY" });
    await first.return(undefined);
    await writeFile(join(work, "notes.txt"), "mine");
    await expect(read([things], options)).rejects.toMatchObject({ code: "CONFIG" });
    await rm(join(work, "notes.txt"));
    await expect(read([folder], options)).rejects.toMatchObject({ code: "FILE_IS_DIRECTORY" });
    await expect(read([things, `${things}.none`], options)).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    expect(startsOver).toBe(0);
    await read([things], { ...options, resume: true });
    expect(startsOver).toBe(0);
    await read([things], options);
    expect(startsOver).toBe(1);
  });

  it("is locked during an import", async () => {
    const things = await file("things.json", dump(THINGS));
    const work = join(folder, `work-${works++}`);
    const first = openWikidata([things], { settings, folder: work, threads: 1 }).entities();
    await first.next();
    await expect(read([things], { folder: work })).rejects.toMatchObject({ code: "KB_BUSY" });
    await first.return(undefined);
    expect((await read([things], { folder: work })).entities).toHaveLength(5);
  });
});

describe("a truncated dump", { timeout: 120_000 }, () => {
  const lines = [...dumpLines(250, "cut")];
  const text = lines.join("");

  it.each([
    ["within a line", gzipSync(text.slice(0, text.length / 2))],
    ["between two lines", gzipSync(lines.slice(0, 120).join(""))],
    ["within its compressed bytes", gzipSync(text).subarray(0, 200_000)],
  ])("%s is rejected with its length and can be resumed once it is complete", async (_, packed) => {
    const path = await file("cut-off.json.gz", packed);
    const work = join(folder, `work-${works++}`);
    const failed = await read([path], { folder: work }).catch((error: Error) => error);
    expect(failed).toMatchObject({ code: "FORMAT" });
    expect((failed as Error).message).toMatch(/\d+ lines \(\d+ MB\).*cut-off\.json\.gz.*--resume/);
    const progress = Number(/(\d+) lines/.exec((failed as Error).message)?.[1]);
    expect(progress).toBeGreaterThan(50);

    await file("cut-off.json.gz", gzipSync(text));
    let first: number | undefined;
    const onProgress = ({ lines: done }: { lines: number }): void => {
      first ??= done;
    };
    const resumed = await read([path], { folder: work, resume: true, onProgress });
    expect(first).toBeGreaterThan(progress); // it did not start over
    const whole = await read([await file("uncut.json", text)]);
    expect(resumed.entities).toEqual(whole.entities);
    expect({ ...resumed.report, seconds: 0 }).toEqual({ ...whole.report, seconds: 0 });
    await resumed.reader.finish();
    expect(await readdir(folder)).not.toContain(work.split("/").at(-1));
  });

  it("is not resumed with another file or other settings", async () => {
    const path = await file("cut-off.json", text.slice(0, text.length / 2));
    const work = join(folder, `work-${works++}`);
    await expect(read([path], { folder: work })).rejects.toMatchObject({ code: "FORMAT" });
    const other = { folder: work, resume: true };
    await file("cut-off.json", [...dumpLines(250, "another")].join(""));
    await expect(read([path], other)).rejects.toMatchObject({ code: "RESUME" });
    await file("cut-off.json", text);
    for (const changed of [{ languages: ["de"] }, { instanceOf: ["Q5"] }, { properties: { P106: "x" } }])
      await expect(read([path], { ...other, settings: { ...settings, ...changed } })).rejects.toMatchObject({
        code: "RESUME",
      });
    expect((await read([path], other)).entities).toHaveLength(250);
  });
});

describe("readPropertyMap", () => {
  it("reads names for single and joined properties and rejects other content", async () => {
    const map = { "P569+P19": "birth", P106: "occupation" };
    expect(await readPropertyMap(await file("map.json", JSON.stringify(map)))).toEqual(map);
    for (const bad of ['{"Q5":"x"}', '{"P106":7}', '{"P106":""}', "[]", '"P106"'])
      await expect(readPropertyMap(await file("bad.json", bad))).rejects.toMatchObject({ code: "CONFIG" });
  });
});
