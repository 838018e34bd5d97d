import { mkdtempSync } from "node:fs";
import { appendFile, mkdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openRunRecord, trainingPage } from "../../../src/training/record/run-record.js";

const at = (step: number, values: Record<string, number> = { loss: 1 / step }) => ({
  step,
  seconds: step,
  values,
});

describe("openRunRecord", () => {
  it("continues after a kill without an incomplete line and steps that run again", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mmel-record-"));
    {
      await using record = await openRunRecord(folder, 0);
      for (const step of [20, 40, 60]) await record.add(at(step));
    }
    const file = join(folder, "metrics.jsonl");
    await appendFile(file, '{"step":80,"sec');
    await using record = await openRunRecord(folder, 40);
    expect(record.measurements).toEqual([at(20), at(40)]);
    await record.add(at(60, { top1: 0.5 }));
    const lines = (await readFile(file, "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([at(20), at(40), at(60, { top1: 0.5 })]);
  });

  it("says how to continue if a file cannot be written", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mmel-record-"));
    await using record = await openRunRecord(folder, 0);
    await rm(join(folder, "metrics.jsonl"));
    await mkdir(join(folder, "metrics.jsonl"));
    await expect(record.add(at(20))).rejects.toMatchObject({
      code: "FILE_UNWRITABLE",
      detail: {
        hint: `Free disk space or make the folder writable, then run \`mmel train --resume ${folder}\`.`,
      },
    });
    await expect(openRunRecord(join(folder, "gone"), 0)).rejects.toMatchObject({
      detail: { hint: expect.stringContaining("Create the folder") },
    });
  });

  it("renders a self-contained page of curves", async () => {
    const page = await trainingPage("<b>", [at(1), at(2, { loss: 0.5, top1: 0.25 }), at(3, { top1: 0.2 })]);
    expect(page.match(/<svg/g)).toHaveLength(10); // five, for wide and for narrow screens
    expect(page).toContain("Training of &lt;b&gt;");
    expect(page).toContain("25.0 %");
    expect(page).not.toMatch(/(src|href)="http/);
    expect(await trainingPage("empty", [])).toContain("0 steps");
  });
});
