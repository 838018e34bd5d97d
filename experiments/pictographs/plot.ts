/** Plots the results of ablation.ts: npx tsx experiments/pictographs/plot.ts [RESULTS.json] > docs/images/pictographs.svg */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { plot } from "../../src/evaluation/plots.js";
import type { Row } from "./row.js";

const file = process.argv[2] ?? join(import.meta.dirname, "results.json");
const rows = (JSON.parse(readFileSync(file, "utf8")) as Row[]).map((row) => ({
  name: row.pictures === "own" ? row.name : `${row.name}, pictures: ${row.pictures}`,
  seed: row.seed ?? 2,
  fill: row.artists === "kept" ? "currentColor" : "none",
  top1: 100 * row.top1,
  low: 100 * row.interval95[0],
  high: 100 * row.interval95[1],
}));
const names = [...new Set(rows.map(({ name }) => name))];

const { markup } = await plot((Plot) => ({
  height: 60 + 34 * names.length,
  marginLeft: 270,
  marginBottom: 44,
  x: {
    label: "Top-1, %; filled: held-out artists, hollow: training captions",
    domain: [0, 80],
    labelOffset: 40,
    grid: true,
  },
  y: { label: null, domain: [1, 2, 3], axis: null },
  fy: { label: null, domain: names, axis: "left" },
  marks: [
    Plot.ruleY(rows, {
      fy: "name",
      y: "seed",
      x1: "low",
      x2: "high",
      stroke: "currentColor",
      strokeOpacity: 0.4,
    }),
    Plot.dot(rows, { fy: "name", y: "seed", x: "top1", stroke: "currentColor", fill: "fill", r: 2.5 }),
  ],
}));
console.log(markup.replace("<svg ", `<svg xmlns="http://www.w3.org/2000/svg" `));
