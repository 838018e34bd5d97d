import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { BUDGETS, type BudgetName } from "../../experiments/paper/budgets.js";
import { captionsIn, DATA_SETS, type DataName, isThere } from "../../experiments/paper/data-sets.js";
import { jobsFor } from "../../experiments/paper/jobs.js";
import { type Prepared, prepare } from "../../experiments/paper/prepare.js";
import { FIGURE4, isMmel, type Row, TABLE2, TABLE3 } from "../../experiments/paper/rows.js";
import { configFor } from "../../experiments/paper/work.js";
import { parseTrainingConfig } from "../../src/training/mmel/config.js";

const scratch = mkdtempSync(join(tmpdir(), "mmel-prepare-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const captionFiles = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith(".jsonl"))
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );

describe("prepare", () => {
  it("writes the same captions every time, of the sizes of the budget", async () => {
    const [one, two] = [join(scratch, "one"), join(scratch, "two")];
    const prepared = await prepare("demo", "tiny", one);
    await prepare("demo", "tiny", two);
    expect(captionFiles(one)).toEqual(captionFiles(two));
    const { train, dev, test, short } = BUDGETS.tiny;
    const sizes = await Promise.all(
      [prepared.train, prepared.dev, prepared.sets.test!, prepared.sets.short!].map(
        async (file) => (await captionsIn(file)).length,
      ),
    );
    expect(sizes).toEqual([train, dev, test, short]);
    expect(prepared.trainCaptions).toBe(train);
    expect(prepared.stats.train.captions).toBe(38);
    expect((await captionsIn(prepared.sets.companion!)).map(({ id }) => id)).toEqual(
      (await captionsIn(prepared.sets.swapped!)).map(({ id }) => id),
    );
  });

  it("keeps what is there, and makes it again if it is not complete or the sizes differ", async () => {
    const folder = join(scratch, "kept");
    const done = join(folder, "prepared.json");
    await prepare("demo", "tiny", folder);
    const made = statSync(done).mtimeMs;
    expect(await prepare("demo", "tiny", folder)).toEqual(JSON.parse(readFileSync(done, "utf8")));
    expect(statSync(done).mtimeMs).toBe(made);
    rmSync(done);
    writeFileSync(join(folder, "leftover"), "");
    await prepare("demo", "tiny", folder);
    expect(existsSync(join(folder, "leftover"))).toBe(false);
    const old = JSON.parse(readFileSync(done, "utf8")) as Prepared;
    writeFileSync(done, JSON.stringify({ ...old, sizes: { ...old.sizes, train: 1 }, trainCaptions: 1 }));
    expect((await prepare("demo", "tiny", folder)).trainCaptions).toBe(BUDGETS.tiny.train);
  });
});

describe.each(["wikimel", "richpedia"] as const)("the splits of %s", (name) => {
  it.skipIf(!isThere(name))("have no caption in common (needs ../shared/data)", async () => {
    const { train, dev, test } = await DATA_SETS[name].read();
    const ids = [train, dev, test].flatMap((split) => split.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    expect([train, dev, test].every(({ length }) => length >= 500)).toBe(true);
  });
});

describe("the settings of a training", () => {
  const prepared: Prepared = {
    ...{ kb: "kb", train: "train.jsonl", dev: "dev.jsonl", sets: {}, sizes: {}, trainCaptions: 1000 },
    stats: {} as Prepared["stats"],
  };
  const rows: Readonly<Record<string, readonly Row[]>> = {
    wikimel: [...TABLE2.T, ...TABLE3.T, ...FIGURE4.T],
    pictographs: [...TABLE2["T + V"], ...TABLE3["T + V"], ...FIGURE4["T + V"]],
  };

  it.each(Object.keys(BUDGETS) as BudgetName[])("are valid for every row of the budget %s", (budget) => {
    for (const data of ["wikimel", "pictographs"] as const satisfies readonly DataName[])
      for (const job of jobsFor(rows[data]!, data, budget)) {
        const images = data === "pictographs" ? { images: "images" } : {};
        const json = JSON.stringify(configFor(job, { ...prepared, ...images }, "encoder", "runs"));
        const config = parseTrainingConfig(json, "test");
        expect(config.head).toMatchObject({ variant: job.variant, entityText: "properties" });
        expect(config.evaluation).toMatchObject({ protocol: "paper", measure: "top5" });
        expect(config.images === undefined).toBe(data === "wikimel");
        if (isMmel(job.variant)) expect(config.evaluation.collaborative).toBe(!job.variant.endsWith("-PT"));
      }
  });
});
