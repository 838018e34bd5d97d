/**
 * Measures the probabilities of links with a share of the knowledge base hidden:
 * `npx tsx experiments/hidden/run.ts [--model NAME] [--split dev] [--every N] [--shares 0.2,0.5,0.9] [--seeds 10] [--json]`.
 * See README.md in this folder.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Caption, Entity } from "../../src/core/index.js";
import { DATASETS } from "../../src/datasets/index.js";
import { loadModel } from "../../src/models/registry.js";
import { SHARED } from "../field/sets.js";
import { measureHidden, type SettingFigures } from "./measure.js";

const { values } = parseArgs({
  options: {
    model: { type: "string", default: "lexical" },
    split: { type: "string", default: "dev" },
    every: { type: "string", default: "1" },
    shares: { type: "string", default: "0.2,0.5,0.9" },
    seeds: { type: "string", default: "10" },
    json: { type: "boolean", default: false },
  },
});

const folder = join(SHARED, "data/wikimel");
const entities: Entity[] = [];
for await (const entity of DATASETS.wikimel.entities(folder)) entities.push(entity);
const captions: Caption[] = [];
let index = 0;
for await (const caption of DATASETS.wikimel.captions(folder, values.split))
  if (index++ % Number(values.every) === 0) captions.push(caption);

await using model = await loadModel(values.model === "default" ? undefined : values.model);
const all: (SettingFigures & { readonly share: number; readonly seed: number })[] = [];
for (const share of values.shares.split(",").map(Number))
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    const figures = await measureHidden(model, entities, captions, { share, seed });
    all.push(...figures.map((one) => ({ share, seed, ...one })));
    process.stderr.write(`${share} hidden, seed ${seed}\n`);
  }
console.log(values.json ? JSON.stringify(all, null, 1) : tableOf());

/** Formats one row per share and condition: means over the seeds, and the worst seed in parentheses. */
function tableOf(): string {
  const percent = (value: number): string => (100 * value).toFixed(1);
  const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
  const keys = [...new Set(all.map(({ share, condition }) => `${share} | ${condition}`))];
  const rows = keys.map((key) => {
    const own = all.filter(({ share, condition }) => `${share} | ${condition}` === key);
    const errors = own.map(({ ece }) => ece);
    const precisions = own.flatMap(({ confident, confidentRight }) =>
      confident === 0 ? [] : [confidentRight / confident],
    );
    const sum = (value: (figures: SettingFigures) => number): number =>
      own.reduce((total, figures) => total + value(figures), 0);
    const [confident, right] = [sum((one) => one.confident), sum((one) => one.confidentRight)];
    const coverages = own.flatMap(({ coverage }) => coverage ?? []);
    return [
      key,
      coverages.length === 0 ? "–" : percent(mean(coverages)),
      `${percent(mean(errors))} (${percent(Math.max(...errors))})`,
      `${percent(right / confident)} (${percent(Math.min(...precisions))})`,
      percent(confident / sum(({ mentions }) => mentions)),
      percent(mean(own.map(({ accuracy }) => accuracy))),
    ].join(" | ");
  });
  return [
    "| hidden | coverage | mean coverage | ECE (worst seed) | links at p >= 0.9 that are right (worst seed) | mentions linked at p >= 0.9 | right outcomes |",
    "|---|---|---|---|---|---|---|",
    ...rows.map((row) => `| ${row} |`),
  ].join("\n");
}
