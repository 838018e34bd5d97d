import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { WireLinks } from "../../src/formats/index.js";
import { openCheckpoint, readWeights } from "../../src/models/checkpoint/index.js";
import { TINY } from "../encoders/model-folders.js";
import { hashOf } from "../faults/command.js";
import {
  captionOf,
  DEMO_CAPTIONS,
  DEMO_ENTITIES,
  demoCaptions,
  demoPictured,
  importDemo,
  lines,
  links,
  mmel,
  pageData,
  records,
  requestsIn,
  scratch,
  writeRecords,
} from "./harness.js";

const path = scratch();
const kb = path("kb");
beforeAll(() => importDemo(kb));

describe("demo", () => {
  it("imports, links, prints a table, and writes links and a self-contained report", async () => {
    const { code, stdout, stderr } = await mmel(["demo", "--output", path("demo")]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/names are linked as annotated/);
    expect(stdout).toMatch(/Paris Hilton .*alone: Paris \(mythology\)/);
    const written = await records<WireLinks>(path("demo/links.jsonl"));
    const all = [...(await demoCaptions()), ...(await demoPictured())];
    expect(written.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    const report = await readFile(path("demo/report.html"), "utf8");
    const data = pageData(report);
    expect(data.map(({ id, picture }) => [id, picture !== undefined])).toEqual(
      all.map(({ id, image }) => [id, image !== undefined]),
    );
    expect(requestsIn(report)).toEqual([]);
    for (const licence of ["Twemoji", "CC BY 4.0", "Fluent Emoji", "MIT"]) expect(report).toContain(licence);
  });
});

describe("dataset stats", () => {
  it("counts captions, mentions, gold annotations and pictures", async () => {
    const gold = (id?: string | null) => ({ text: "Paris", ...(id !== undefined && { gold: id }) });
    const file = await writeRecords(path("counted.jsonl"), [
      { id: "1", text: "Paris and Paris today", image: "a.jpg", mentions: [gold("Q1"), gold(null)] },
      { id: "2", text: "Paris", image: "a.jpg", mentions: [gold("Q1")] },
      { id: "3", text: "Paris", mentions: [gold()] },
      { id: "4", text: "", mentions: [] },
    ]);
    const { code, stdout } = await mmel(["dataset", "stats", file, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      ...{ captions: 4, withoutMentions: 1, singleMention: 2, multiMention: 1, mentions: 4 },
      ...{ mentionsPerCaption: 1, wordsPerCaption: 6 / 4, goldEntities: 2, goldNil: 1, unannotated: 1 },
      ...{ distinctGoldEntities: 1, withImage: 2, distinctImages: 1 },
    });
    const table = await mmel(["dataset", "stats", file]);
    expect(table.stdout).toMatch(/words per caption +1\.50\n/);
  });

  it("shows a column for each file and one for all", async () => {
    const one = (id: string, names: string[]) => ({
      ...{ id, text: "Ada met Bob", image: "a.jpg" },
      mentions: names.map((text) => ({ text, gold: text })),
    });
    const files = [
      await writeRecords(path("split-train.jsonl"), [one("1", ["Ada", "Bob"]), one("2", ["Ada"])]),
      await writeRecords(path("split-dev.jsonl"), [one("3", ["Bob"])]),
    ];
    const { code, stdout } = await mmel(["dataset", "stats", ...files, "--json"]);
    expect(code).toBe(0);
    const { files: columns, all } = JSON.parse(stdout);
    expect(columns.map(({ file, captions }: Record<string, unknown>) => [file, captions])).toEqual([
      [files[0], 2],
      [files[1], 1],
    ]);
    expect(all).toMatchObject({ captions: 3, mentions: 4, distinctGoldEntities: 2, distinctImages: 1 });
    const table = await mmel(["dataset", "stats", ...files]);
    expect(table.stdout).toMatch(/^ +split-train +split-dev +all\n/);
    expect(table.stdout).toMatch(/with several mentions +1 +0 +1\n/);
  });
});

describe("dataset convert --divide", () => {
  it("divides the published training captions and says what it leaves out", async () => {
    const samples = Array.from({ length: 11 }, (_, index) => [
      `Q${index}`,
      { sentence: `Ada number ${index}`, mentions: index === 0 ? " " : "Ada", answer: `Q${index}` },
    ]);
    const folder = path("richpedia");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "train.json"), JSON.stringify(Object.fromEntries(samples)));
    const splits: string[] = [];
    for (const split of ["train", "dev", "test"]) {
      const options = ["--format", "richpedia", "--split", split, "--divide", "1"];
      const { code, stdout, stderr } = await mmel(["dataset", "convert", folder, ...options]);
      expect(code).toBe(0);
      expect(stderr).toContain("captions with an empty mention: 1 left out");
      splits.push(stdout);
    }
    expect(splits.map((text) => text.trim().split("\n").length)).toEqual([7, 1, 2]);
  });
});

describe("kb recall", () => {
  it("compares the index with the exact lists", async () => {
    const { code, stdout } = await mmel(["kb", "recall", DEMO_CAPTIONS, "--kb", kb, "--json"]);
    expect(code).toBe(0);
    const { names, recall, limit } = JSON.parse(stdout);
    expect({ names, limit }).toEqual({
      names: (await demoCaptions()).flatMap(({ mentions }) => mentions ?? []).length,
      limit: 100,
    });
    expect(recall).toBeGreaterThan(0.9);
    expect(recall).toBeLessThanOrEqual(1);
  });
});

describe("link", () => {
  it("writes links to stdout and nothing to stderr unless it is a terminal", async () => {
    const { code, stdout, stderr } = await mmel(["link", DEMO_CAPTIONS, "--kb", kb, "--top-k", "2"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const all = links(stdout);
    expect(all).toHaveLength((await demoCaptions()).length);
    const mentions = all.flatMap((one) => one.mentions);
    expect(Math.max(...mentions.map(({ candidates }) => candidates.length))).toBe(2);
  });

  it("writes the same bytes whatever the gold entities are", async () => {
    const captions = await demoCaptions();
    const withGold = (goldOf: (at: number) => object): string =>
      captions
        .map((caption) => {
          const mentions = caption.mentions?.map(({ gold: _, ...mention }, at) => ({
            ...mention,
            ...goldOf(at),
          }));
          return JSON.stringify({ ...caption, mentions });
        })
        .join("\n");
    const none = await mmel(
      ["link", "--kb", kb],
      withGold(() => ({})),
    );
    const wrong = await mmel(
      ["link", "-", "--kb", kb],
      withGold((at) => ({ gold: at % 2 === 0 ? null : "stephen-hawking" })),
    );
    expect(none.code).toBe(0);
    expect(wrong.stdout).toBe(none.stdout);
  });

  it("detects names, reads and writes code points, and ranks each name alone", async () => {
    const text = "😀 Michael Jordan met Andrew Ng";
    const options = ["--kb", kb, "--detect", "--offsets", "codepoint", "--no-collaborative"];
    const { code, stdout } = await mmel(["link", ...options], JSON.stringify({ id: "1", text }));
    expect(code).toBe(0);
    const { mentions } = links(stdout)[0]!;
    expect(mentions.map(({ text, start }) => [text, start])).toEqual([
      ["Michael Jordan", 2],
      ["Andrew Ng", 21],
    ]);
    for (const { match, score, collaborative } of mentions.flatMap(({ candidates }) => candidates)) {
      expect(collaborative).toBe(0);
      if (match === null) expect(score).toBeLessThanOrEqual(0);
      else expect(score).toBe(match);
    }
  });

  it("compresses an output whose name ends in .gz", async () => {
    const file = await writeRecords(path("two.jsonl"), (await demoCaptions()).slice(0, 2));
    for (const output of [path("links.csv.gz"), path("links.jsonl.gz")]) {
      expect((await mmel(["link", file, "--kb", kb, "--output", output])).code).toBe(0);
      expect((await readFile(output)).subarray(0, 2).toString("hex")).toBe("1f8b");
    }
  });

  it("escapes markup and terminal control characters in user input", async () => {
    const evil = "<script>alert(1)</script>";
    const caption = { ...captionOf(`${evil}"`, evil, "Paris\u001b[31m\u009b1m\u202e"), language: `"><u>` };
    const input = JSON.stringify(caption);
    const page = await mmel(["link", "--kb", kb, "--format", "html"], input);
    expect(page.code).toBe(0);
    expect(page.stdout).not.toMatch(/<script>alert|<u>/);
    expect(page.stdout).toContain("&lt;script&gt;");
    const shown = await mmel(["link", "--kb", kb, "--format", "table"], input);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters must not be there
    expect(shown.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    const twice = await mmel(
      ["link", "--kb", kb],
      `${JSON.stringify(captionOf("\u001b[2J", "Paris"))}\n`.repeat(2),
    );
    expect(twice.stderr).toContain("DUPLICATE_ID");
    expect(twice.stderr).not.toContain("\u001b");
  });
});

describe("kb", () => {
  it.each(["jsonl", "csv.gz"])("imports its own export as .%s with the same version", async (ending) => {
    const file = path(`export.${ending}`);
    expect(await mmel(["kb", "export", "--kb", kb, "--output", file])).toMatchObject({ code: 0, stdout: "" });
    const again = path(`again-${ending}`);
    expect((await mmel(["kb", "import", file, "--kb", again, "--name", "demo"])).code).toBe(0);
    const [one, other] = [await info(kb), await info(again)];
    expect(other).toEqual(one);
  });

  it("prints an export as one JSON object", async () => {
    const args = ["kb", "export", "--kb", kb, "--limit", "2"];
    const { entities } = JSON.parse((await mmel([...args, "--json"])).stdout);
    const { stdout } = await mmel(args);
    expect(entities).toEqual(lines(stdout).map((line) => JSON.parse(line)));
    expect((await mmel([...args, "--json", "--format", "csv"])).code).toBe(2);
  });

  const info = async (target: string): Promise<unknown> =>
    JSON.parse((await mmel(["kb", "info", "--kb", target, "--json"])).stdout);

  it("finds names that are spelled differently", async () => {
    const { stdout } = await mmel(["kb", "search", "Marzouky", "--kb", kb, "--json", "--limit", "3"]);
    const { hits } = JSON.parse(stdout) as { hits: { entity: { id: string } }[] };
    expect(hits.map(({ entity }) => entity.id)).toContain("moncef-marzouki");
  });

  it("rejects duplicate ids and keeps the first entity", async () => {
    const file = await writeRecords(path("twice.jsonl"), [
      { id: "a", label: "First" },
      { id: "a", label: "Second" },
    ]);
    const { code, stderr } = await mmel([
      "kb",
      "import",
      file,
      "--kb",
      path("twice"),
      "--rejects",
      path("twice.rej"),
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/DUPLICATE_ID.*line 2/);
    expect(await records(path("twice.rej"))).toMatchObject([{ line: 2, id: "a", code: "DUPLICATE_ID" }]);
    expect((await mmel(["kb", "export", "--kb", path("twice")])).stdout).toContain("First");
  });

  it("names the file of a duplicate", async () => {
    const one = await writeRecords(path("one.jsonl"), [{ id: "a", label: "First" }]);
    const other = await writeRecords(path("other.jsonl"), [
      { id: "b", label: "B" },
      { id: "a", label: "Again" },
    ]);
    const { stderr } = await mmel(["kb", "import", one, other, "--kb", path("two-files")]);
    expect(stderr).toContain(`first entity is kept, ${other}, line 2;`);
    const update = await mmel(["kb", "import", "--update", one, other, one, "--kb", path("two-files")]);
    expect(update.stderr).toContain(`first entity is kept, ${other}, line 2;`);
    expect(update.stderr).toContain(`first entity is kept, ${one}, line 1;`);
  });
});

describe("evaluate", () => {
  const FIGURES = ["mentions", "misses", "top1", "top5", "top10", "top20", "mrr", "meanRank", "interval95"];

  it("prints one JSON object as documented, the same for the same seed, and writes a report", async () => {
    const args = ["evaluate", DEMO_CAPTIONS, "--kb", kb, "--json", "--sample", "12", "--seed", "7"];
    const { code, stdout } = await mmel([...args, "--train", DEMO_CAPTIONS, "--report", path("report.html")]);
    expect(code).toBe(0);
    expect(lines(stdout)).toHaveLength(1);
    const result = JSON.parse(stdout);
    expect(Object.keys(result).sort()).toEqual(
      [
        ...["protocol", "model", "kb", "captions", "mentions", "unannotated", "seconds", "mentionsPerSecond"],
        ...["recall", "goldNotInKb", "kbEntities", "linkedAccuracy", "nameScore"],
        ...["all", "single", "multi", "seenInTraining", "unseenInTraining", "nil", "calibration"],
        "collaboration",
      ].sort(),
    );
    for (const group of ["all", "nameScore", "single", "multi", "seenInTraining", "unseenInTraining"])
      expect(Object.keys(result[group])).toEqual(FIGURES);
    expect(result).toMatchObject({ protocol: "retrieval", captions: 12, kbEntities: 150 });
    expect(Object.keys(result.recall)).toEqual(["1", "10", "100"]);
    expect(result.all.interval95.top1).toHaveLength(2);
    const report = await readFile(path("report.html"), "utf8");
    expect(report).toMatch(/<svg/);
    expect(pageData(report)).toHaveLength(12);

    const again = JSON.parse((await mmel(args)).stdout);
    expect(again).toMatchObject({ all: result.all, seenInTraining: null, unseenInTraining: null });
  });

  it("fails without gold", async () => {
    const { code, stdout, stderr } = await mmel(
      ["evaluate", "--kb", kb, "--json"],
      JSON.stringify(captionOf("1", "Paris")),
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^mmel: CAPTION_INVALID: no mention has a gold entity, standard input; expected [^\n]+\n$/,
    );
    expect(JSON.parse(stdout)).toMatchObject({ captions: 0, all: { top1: null } });
  });
});

describe("usage", () => {
  it("prints the version", async () => {
    const { version } = JSON.parse(await readFile("package.json", "utf8"));
    expect((await mmel(["--version"])).stdout).toBe(`${version}\n`);
  });

  it.each([
    [["link"], "USAGE"],
    [["link", DEMO_CAPTIONS, "--kb", "/nowhere/kb"], "KB_NOT_FOUND"],
    [["link", DEMO_CAPTIONS, "--kb", kb, "--model", "nonesuch"], "MODEL_NOT_FOUND"],
    [["link", "/nowhere/captions.jsonl", "--kb", kb], "FILE_NOT_FOUND"],
    [["link", "/", "--kb", kb], "FILE_IS_DIRECTORY"],
    [["kb", "import", DEMO_ENTITIES, "--kb", path("x"), "--rejects", DEMO_ENTITIES], "USAGE"],
    [["link", DEMO_CAPTIONS, "--kb", kb, "--output", DEMO_CAPTIONS], "USAGE"],
    [
      ["link", DEMO_CAPTIONS, "--kb", kb, "--output", path("same"), "--rejects", `${path("")}/./same`],
      "USAGE",
    ],
  ])("rejects %j with %s and exit code 2", async (args, errorCode) => {
    const { code, stdout, stderr } = await mmel(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(new RegExp(`^mmel: ${errorCode}: [^\n]+\n$`));
  });

  it("prints a stack only with --debug", async () => {
    const { stderr } = await mmel(["link", "/nowhere", "--kb", kb, "--debug"]);
    expect(stderr).toMatch(/\n {4}at /);
  });
});

describe("models and doctor", () => {
  it("list and show the bundled models", async () => {
    const { models } = JSON.parse((await mmel(["models", "list", "--json"])).stdout);
    expect(models.filter((model: { isDefault: boolean }) => model.isDefault)).toHaveLength(1);
    expect((await mmel(["models", "show", "lexical"])).stdout).toMatch(/^name +lexical\nhash +[0-9a-f]+\n/);
  });

  it("pull a bundled model without a connection, and explain what else can be pulled", async () => {
    const { code, stdout } = await mmel(["models", "pull", "lexical", "--json"]);
    expect(code).toBe(0);
    const { folder } = JSON.parse(stdout) as { folder: string };
    expect((await mmel(["models", "show", folder])).stdout).toMatch(/^name +lexical\n/);
    const unknown = await mmel(["models", "pull", "nonesuch"]);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(/^mmel: MODEL_NOT_FOUND: [^\n]+ORGANISATION\/NAME@COMMIT[^\n]+\n$/);
  });

  it("convert keeps the adapted first stage and the image-similarity model, also in place", async () => {
    const folder = path("adapted");
    await cp("models/mmel-mini-en", folder, { recursive: true });
    const weights = JSON.parse(await readFile("models/lexical/weights.json", "utf8"));
    const { firstStage } = JSON.parse(await readFile(join(folder, "config.json"), "utf8"));
    const adapted = { ...weights, temperature: 0.9, adaptedFrom: firstStage.hash };
    await writeRecords(join(folder, "first-stage.json"), [adapted]);
    const parts = ["first-stage.json", "sight.json", "sight.safetensors"];
    const hashes = () => Promise.all(parts.map((name) => hashOf(join(folder, name))));
    const before = await hashes();
    const { stdout } = await mmel(["models", "convert", folder, "--name", "mine", "--output", folder]);
    expect(await hashes()).toEqual(before);
    const shown = await mmel(["models", "show", folder, "--json"]);
    const { facts } = JSON.parse(shown.stdout) as { facts: { hash: string; firstStage: string } };
    expect(facts.firstStage).toContain("adapted from");
    expect(stdout).toBe(`Wrote mine@${facts.hash} to ${folder}.\n`);
  });

  it("convert wants captions and a knowledge base for int8, and int8 weights", async () => {
    const convert = (...args: string[]) =>
      mmel(["models", "convert", "models/mmel-mini-en", ...args, "--output", "never-written"]);
    const alone = await convert("--int8", "demo/captions.jsonl");
    expect(alone.stderr).toMatch(/^mmel: USAGE: --int8 is given alone[^\n]+\n$/);
    const wide = await convert("--int8", "demo/captions.jsonl", "--kb", "nowhere", "--precision", "F32");
    expect(wide.stderr).toMatch(/^mmel: USAGE: [^\n]+F32[^\n]+Add `--precision I8`[^\n]+\n$/);
  });

  it("convert averages the weights of two models, which must have the same network", async () => {
    const folder = (seed: string) => path(`average-${seed}`);
    const init = (seed: string, ...size: string[]) =>
      mmel(["models", "init", folder(seed), "--encoder", TINY, "--name", "tiny", "--seed", seed, ...size]);
    const weights = async (name: string) => readWeights((await openCheckpoint(name)).weights);
    const average = (one: string, other: string) =>
      mmel(["models", "convert", folder(one), "--average", folder(other), "--output", path("mean")]);
    await Promise.all([init("1", "--width", "16"), init("2", "--width", "16"), init("3", "--width", "32")]);
    expect(await average("1", "2")).toMatchObject({ code: 0 });
    const [one, two, mean] = [
      await weights(folder("1")),
      await weights(folder("2")),
      await weights(path("mean")),
    ];
    expect(mean.size).toBe(one.size);
    for (const [name, values] of mean)
      expect(values, name).toEqual(values.map((_, at) => (one.get(name)![at]! + two.get(name)![at]!) / 2));
    expect((await average("1", "3")).stderr).toMatch(
      /^mmel: CONFIG: the network of [^\n]+ another size of [^\n]+\n$/,
    );
  });

  it("convert rejects an invalid option as a setting, not as a damaged model", async () => {
    const args = ["models", "convert", "models/mmel-mini-en", "--doubt", "2", "--output", "never-written"];
    const { stderr } = await mmel(args);
    expect(stderr).toMatch(
      /^mmel: CONFIG: the configuration is invalid \(selection.*doubt.*\), mmel models convert\n/,
    );
  });

  it("report a healthy installation", async () => {
    const { code, stdout } = await mmel(["doctor", "--json"]);
    const { findings } = JSON.parse(stdout) as { findings: { ok: boolean; what: string }[] };
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    expect(code).toBe(0);
  });
});

describe("calibrate", () => {
  it("writes a copy of the model whose probabilities sum to 1, and prints their quality", async () => {
    const model = path("calibrated");
    const args = ["calibrate", DEMO_CAPTIONS, "--kb", kb, "--model", "lexical"];
    const { code, stdout } = await mmel([...args, "--output", model, "--json"]);
    expect(code).toBe(0);
    const { full, hidden } = JSON.parse(stdout);
    const names = (await demoCaptions()).flatMap(({ mentions }) => mentions ?? []).length;
    expect([full.predictions, hidden.predictions]).toEqual([names, names]);
    expect(hidden.nil.mentions).toBeGreaterThan(full.nil.mentions);
    const linked = await mmel(["link", DEMO_CAPTIONS, "--kb", kb, "--model", model, "--top-k", "150"]);
    const all = links(linked.stdout).flatMap(({ mentions }) => mentions);
    expect(all.length).toBe(names);
    for (const { probability, candidates, outcome } of all) {
      const sum = candidates.reduce((total, candidate) => total + candidate.probability!, 0);
      expect(sum).toBeLessThanOrEqual(1 + 1e-9);
      expect(probability).toBeCloseTo(outcome === "nil" ? 1 - sum : candidates[0]!.probability!, 6);
    }
  });

  it("links with a given coverage, which changes the probabilities and the hash of the model", async () => {
    const linkAt = async (...options: string[]) =>
      links((await mmel(["link", DEMO_CAPTIONS, "--kb", kb, "--model", "lexical", ...options])).stdout);
    const [low, high] = [await linkAt("--coverage", "0.05"), await linkAt("--coverage", "1")];
    expect(low[0]!.model).not.toBe(high[0]!.model);
    const outcomes = (linked: typeof low) => linked.flatMap(({ mentions }) => mentions);
    const nils = (linked: typeof low) => outcomes(linked).filter(({ outcome }) => outcome === "nil").length;
    expect(nils(low)).toBeGreaterThan(nils(high));
    outcomes(low).forEach(({ candidates }, index) => {
      const other = outcomes(high)[index]!.candidates[0]?.probability ?? 0;
      expect(candidates[0]?.probability ?? 0).toBeLessThanOrEqual(other + 1e-9);
    });
    for (const coverage of ["0", "1.1", "half"]) {
      const args = ["link", DEMO_CAPTIONS, "--kb", kb, "--coverage", coverage];
      expect(await mmel(args)).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/above 0 and at most 1/),
      });
    }
  });

  it("estimates the coverage and stores it with the model", async () => {
    const model = path("estimated");
    const args = ["--kb", kb, "--model", "lexical", "--output", model];
    const captions = await demoCaptions();
    const many = Array.from({ length: 200 }, (_, index) => ({
      ...captions[index % captions.length]!,
      id: `${index}`,
    }));
    const file = await writeRecords(path("many.jsonl"), many);
    const { code, stdout } = await mmel(["calibrate", "--estimate-coverage", file, ...args, "--json"]);
    expect(code).toBe(0);
    const { coverage, interval95, mentions } = JSON.parse(stdout);
    expect(mentions).toBeGreaterThanOrEqual(200);
    expect(interval95[0]).toBeLessThan(coverage);
    const linked = await mmel(["link", DEMO_CAPTIONS, "--kb", kb, "--model", model]);
    const given = ["link", DEMO_CAPTIONS, "--kb", kb, "--model", model, "--coverage", String(coverage)];
    expect((await mmel(given)).stdout).toBe(linked.stdout);
  }, 180_000);

  it("never changes a bundled model, and requires enough captions", async () => {
    const bundled = await mmel(["calibrate", DEMO_CAPTIONS, "--kb", kb, "--model", "lexical"]);
    expect(bundled).toMatchObject({ code: 2, stderr: expect.stringMatching(/--output DIR/) });
    const few = await writeRecords(path("few.jsonl"), (await demoCaptions()).slice(0, 3));
    const args = ["calibrate", few, "--kb", kb, "--model", "lexical", "--output", path("none")];
    expect(await mmel(args)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/only 3 captions contain gold annotations/),
    });
  });
});
