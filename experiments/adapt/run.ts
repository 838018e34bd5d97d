/**
 * Measures what `mmel adapt` gains on captions that it did not see:
 * `npx tsx experiments/adapt/run.ts [--set train] [--sizes 100,300,1000] [--seeds 3] [--model lexical] [--test 1000]`.
 * See README.md in this folder.
 */
import { parseArgs } from "node:util";
import { createRandom, limits } from "../../src/core/index.js";
import { createMemoryStore } from "../../src/kb/index.js";
import { openParts } from "../../src/linker/index.js";
import { readCalibration } from "../../src/models/calibration/index.js";
import type { LexicalWeights } from "../../src/models/lexical/index.js";
import { lexicalStage, loadUncalibrated } from "../../src/models/registry.js";
import { compare } from "../../src/training/adapt/adapt.js";
import { adapt, isImproved } from "../../src/training/adapt/index.js";
import { asGiven, observe } from "../../src/training/calibration/observe.js";
import type { Paired } from "../../src/training/paired.js";
import { SETS } from "./sets.js";

const { values } = parseArgs({
  options: {
    set: { type: "string", default: "train" },
    sizes: { type: "string", default: "100,300,1000" },
    seeds: { type: "string", default: "3" },
    model: { type: "string", default: "lexical" },
    test: { type: "string", default: "1000" },
  },
});

const open = SETS[values.set];
if (open === undefined) throw new Error(`--set is one of ${Object.keys(SETS).join(", ")}`);
const { entities, captions } = await open();
const kb = createMemoryStore(entities);
const test = captions.slice(-Number(values.test));
const rest = captions.slice(0, -Number(values.test));

/** Ranks the test captions with the model, with these weights of the lexical ranker. */
async function observeTest(weights: LexicalWeights) {
  const { model } = await loadUncalibrated(values.model, { lexical: weights });
  await using _ = model;
  await using parts = await openParts({ kb, model });
  return await observe(test.map(asGiven), parts, { candidates: 100 });
}

const { folder, weights } = await lexicalStage(values.model);
const { model } = await loadUncalibrated(values.model);
const stored = await readCalibration(folder, model.hash);
await model.close();
if (stored === undefined) throw new Error("the model is not calibrated");
const before = await observeTest(weights);

const percent = (value: number): string => (100 * value).toFixed(1);
const cells = ({ before, after, difference, interval95 }: Paired, show: (value: number) => string): string =>
  `${show(before)} | ${show(after)} | ${show(difference)} (${limits(interval95, show)})`;
console.log(
  "| corrections | seed | penalty: weights, calibration | written | right before | after | difference (95 % interval) | log loss before | after | difference (95 % interval) |",
);
console.log("|---|---|---|---|---|---|---|---|---|---|");
for (const size of values.sizes.split(",").map(Number))
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    const chosen = createRandom(`corrections ${seed}`)
      .shuffle([...rest])
      .slice(0, size);
    const adapted = await adapt(chosen, { kb, model: values.model, seed });
    const after = await observeTest(adapted.weights);
    const { correct, logLoss } = compare(before, stored.fitted, after, adapted.fitted);
    const { strength, comparison } = adapted;
    console.log(
      `| ${chosen.length} | ${seed} | ${strength.weights ?? "–"}, ${strength.calibration ?? "–"} | ${isImproved(comparison) ? "yes" : "no"} | ${cells(correct, percent)} | ${cells(logLoss, (value) => value.toFixed(3))} |`,
    );
  }
