import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { measureSets } from "../../experiments/field/measure.js";
import { formatFailures } from "../../experiments/field/report.js";
import { readCaptions, readEntities } from "../../src/formats/index.js";
import { createLinker, importKb } from "../../src/linker/index.js";
import { loadModel } from "../../src/models/registry.js";
import { writeCases } from "./cases/case.js";
import { DETECTION_CASES } from "./cases/detection.js";
import { EVIDENCE_CASES } from "./cases/evidence.js";
import { NAME_CASES } from "./cases/names.js";
import { SCRIPT_CASES } from "./cases/scripts.js";
import { OPEN } from "./open.js";

const CASES = [...NAME_CASES, ...SCRIPT_CASES, ...EVIDENCE_CASES, ...DETECTION_CASES];
const MODELS = ["mmel-mini-en", "lexical"] as const;

/** Links all cases. Returns the failures of each model: "mention in text", or "spans in text". */
async function failuresByModel(): Promise<Map<string, readonly string[]>> {
  const folder = await mkdtemp(join(tmpdir(), "mmel-cases-"));
  try {
    const sets = writeCases(folder, CASES);
    const build = { createLinker, importKb, readCaptions, readEntities, loadModel };
    const measured = await measureSets(build, MODELS, sets);
    return new Map(
      measured.map(({ mentions, spans }, i) => {
        console.log(`${MODELS[i]}\n${formatFailures({ mentions, spans })}`);
        return [
          MODELS[i]!,
          [
            ...mentions.filter(({ right }) => !right).map(({ mention, text }) => `${mention} in ${text}`),
            ...spans.filter(({ exact }) => !exact).map(({ text }) => `spans in ${text}`),
          ],
        ];
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe("linking of captions as people write them", { timeout: 5 * 60_000 }, () => {
  let linking: ReturnType<typeof failuresByModel> | undefined;

  it.each(MODELS)("is right with the model %s, except for the open cases", async (model) => {
    linking ??= failuresByModel();
    const failures = (await linking).get(model)!;
    const open = OPEN.filter(({ models }) => models === undefined || models.includes(model));
    expect(failures.toSorted()).toEqual(open.flatMap(({ names }) => names).sort());
  });
});
