import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { dumpLines } from "../../bench/wikidata-dump.js";
import { lines, mmel, type Running, scratch, spawnMmel, start } from "./harness.js";

const path = scratch();
const ENTITIES = 1600; // 21 MB: the state is saved every 8

const importTo = (kb: string, ...more: string[]): string[] => [
  ...[
    "kb",
    "import",
    path("dump.json.gz"),
    "--format",
    "wikidata",
    "--instance-of",
    "Q5",
    "--languages",
    "de,en",
  ],
  ...["--kb", path(kb), "--name", "people", "--rejects", path(`${kb}.rejects`), "--json", ...more],
];
const exported = async (kb: string): Promise<string> =>
  (await mmel(["kb", "export", "--kb", path(kb)])).stdout;
const rejects = (kb: string): Promise<string> => readFile(path(`${kb}.rejects`), "utf8");

/** The report of an import, without durations. */
function reportOf(stdout: string): Record<string, unknown> {
  const { seconds: _, wikidata, ...report } = JSON.parse(stdout) as Record<string, unknown>;
  const { seconds: __, ...figures } = wikidata as Record<string, unknown>;
  return { ...report, figures };
}

let whole: { report: Record<string, unknown>; entities: string; rejects: string };

beforeAll(async () => {
  const dump = [...dumpLines(ENTITIES, "cli")];
  dump[902] = `${dump[902]!.slice(0, 500)}\n`;
  await writeFile(path("dump.json.gz"), gzipSync(dump.join(""), { level: 1 }));
  const { code, stdout } = await mmel(importTo("whole"));
  expect(code).toBe(1); // one line is broken
  whole = { report: reportOf(stdout), entities: await exported("whole"), rejects: await rejects("whole") };
});

/** Waits until a condition is true or the process ends. */
async function until(condition: () => Promise<boolean> | boolean, { child }: Running): Promise<void> {
  while (child.exitCode === null && child.signalCode === null && !(await condition())) await sleep(2);
}

const savedBytes = async (kb: string): Promise<number> =>
  readFile(path(`${kb}.wikidata/state.json`), "utf8").then(
    (text) => JSON.parse(text).bytes as number,
    () => 0,
  );

async function sameAsWhole(kb: string): Promise<void> {
  const { code, stdout, stderr } = await mmel(importTo(kb, "--resume"));
  expect(code).toBe(1);
  expect(stderr).not.toContain("starting over");
  expect(reportOf(stdout)).toEqual(whole.report);
  expect(await exported(kb)).toBe(whole.entities);
  expect(await rejects(kb)).toBe(whole.rejects);
  expect(existsSync(path(`${kb}.wikidata`))).toBe(false);
}

describe("mmel kb import --format wikidata", { timeout: 240_000 }, () => {
  it("imports the people of a dump with labels of referenced items, and rejects a broken line", () => {
    expect(whole.report).toMatchObject({
      name: "people",
      entities: ENTITIES / 2 - 1,
      rejected: 1,
      figures: { lines: ENTITIES + 2, taken: ENTITIES / 2 - 1 },
    });
    expect(lines(whole.rejects).map((line) => JSON.parse(line))).toMatchObject([
      { line: 903, code: "FORMAT" },
    ]);
    const [first] = lines(whole.entities).map((line) => JSON.parse(line));
    expect(first).toMatchObject({ properties: { sex: [expect.stringMatching(/^(fe)?male de$/)] } });
    expect(first.properties.birth[0]).toMatch(/^\d{4}-\d\d-\d\d, Place \d+ de$/);
    expect(existsSync(path("whole.wikidata"))).toBe(false);
  });

  it("gives the same result when it is killed while reading, resolving and writing", async () => {
    const moments: ((kb: string) => Promise<boolean> | boolean)[] = [
      async (kb) => (await savedBytes(kb)) > 0,
      async (kb) => (await savedBytes(kb)) > 14e6,
      (kb) => existsSync(path(`${kb}.wikidata/labels.sqlite`)),
    ];
    for (const [at, moment] of moments.entries()) {
      const running = start(importTo("killed", ...(at === 0 ? [] : ["--resume"])));
      await until(() => moment("killed"), running);
      running.child.kill("SIGKILL");
      expect((await running.ended).signal).toBe("SIGKILL");
      expect(await savedBytes("killed")).toBeGreaterThan(0);
    }
    await sameAsWhole("killed");
  });

  it("reports its progress at Ctrl-C and resumes there", async () => {
    const running = start(importTo("stopped"));
    await until(async () => (await savedBytes("stopped")) > 0, running);
    running.child.kill("SIGINT");
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toMatch(/ABORTED: interrupted after [\d,]+ lines \(\d+ MB\) of .*--resume/);
    expect(await savedBytes("stopped")).toBeGreaterThan(8e6);
    await sameAsWhole("stopped");
  });

  it("keeps the old version when a dump is truncated, and explains how to continue", async () => {
    const before = await exported("whole");
    const packed = await readFile(path("dump.json.gz"));
    await writeFile(path("half.json.gz"), packed.subarray(0, packed.length / 2));
    const args = ["kb", "import", path("half.json.gz"), "--format", "wikidata", "--kb", path("whole")];
    const { code, stderr } = await mmel(args);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /mmel: FORMAT: the gzip data .* lines \(\d+ MB\) had been read, .*half\.json\.gz\. .*--resume/,
    );
    expect(await exported("whole")).toBe(before);
    await writeFile(path("half.json.gz"), packed);
    const again = await mmel(args);
    expect(again.stderr).toContain("starting over");
    expect(again.code).toBe(1); // the broken line
  });

  it("reads standard input, uses the working folder, and reports listed ids that were not found", async () => {
    await writeFile(path("ids.txt"), "Q1001\nQ999999\n");
    const dump = [...dumpLines(50, "cli")].join("");
    const args = [
      "kb",
      "import",
      "-",
      "--format",
      "wikidata",
      "--ids",
      path("ids.txt"),
      "--kb",
      path("piped"),
    ];
    const { code, stdout, stderr } = await spawnMmel([...args, "--work-dir", path("elsewhere")], dump);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: "mmel: the files contain no valid item for 1 listed id: Q999999\n",
    });
    expect(stdout).toMatch(/^Imported 1 entity .*\nRead 52 lines/);
    expect((await readdir(path("."))).filter((name) => /elsewhere|piped\./.test(name))).toEqual([]);
    expect(await exported("piped")).toMatch(/"id":"Q1001","label":"occupation 1001"/);
  });

  it("reports redirected ids", async () => {
    await writeFile(path("moved.txt"), "Q2\nQ200\nQ300\n");
    const items = [
      '{"entities":{"Q200":{"id":"Q31","type":"item","labels":{"en":{"language":"en","value":"Belgium"}}}}}',
      '{"entity":"Q300","redirect":"Q4"}',
      '{"id":"Q2","type":"item","labels":{"en":{"language":"en","value":"Earth"}}}',
    ];
    await writeFile(path("moved.json"), items.map((line) => `${line}\n`).join(""));
    const args = ["kb", "import", path("moved.json"), "--format", "wikidata", "--ids", path("moved.txt")];
    const { code, stderr } = await mmel([...args, "--kb", path("moved")]);
    expect({ code, notes: lines(stderr) }).toEqual({
      code: 0,
      notes: [
        "mmel: 1 listed id redirects to another item: Q200 is now Q31",
        "mmel: 1 listed id redirects to an item that was not imported: Q300 is now Q4; list the new ids and import again",
      ],
    });
    expect(lines(await exported("moved")).map((line) => JSON.parse(line).id)).toEqual(["Q2", "Q31"]);
  });

  it.each<[string, string | Uint8Array]>([
    ["a dump", [...dumpLines(20, "cli")].join("")],
    ["a compressed dump", gzipSync([...dumpLines(20, "cli")].join(""))],
    ["one entity per line", [...dumpLines(20, "cli")].slice(1, 2).join("").replace(/,\n$/, "\n")],
    ["an API response", '{\n  "entities": {\n    "Q31": {"type": "item", "id": "Q31", "labels": {}}}}'],
  ])("is suggested in one line when %s is imported without it", async (_, content) => {
    await writeFile(path("other.json"), content);
    const { code, stderr } = await mmel(["kb", "import", path("other.json"), "--kb", path("other")]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^mmel: FORMAT: .*other\.json; .*--format wikidata.*\n$/),
    });
  });

  it.each([
    ["--instance-of", "Q5"],
    ["--work-dir", "work"],
  ])("rejects %s for other formats", async (...option) => {
    const { code, stderr } = await mmel(["kb", "import", "x.jsonl", "--kb", path("other"), ...option]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${option[0]} does not apply to these files`);
    expect(stderr).toContain("expected files in the format wikidata");
  });

  it("names the formats to which --languages applies", async () => {
    const args = ["kb", "import", "x.csv", "--format", "csv", "--languages", "de", "--kb", path("other")];
    expect((await mmel(args)).stderr).toBe(
      "mmel: USAGE: --languages does not apply to these files, mmel kb import; expected files in the format wikidata, skos, rdf or jsonl. Remove `--languages`, or set the format of the files with `--format`.\n",
    );
  });

  it.each([
    ["--languages", "en,,de"],
    ["--instance-of", "P31"],
  ])("rejects %s %s", async (...option) => {
    const { code, stderr } = await mmel(importTo("other", ...option));
    expect({ code, lines: lines(stderr).length }).toEqual({ code: 2, lines: 1 });
  });
});
