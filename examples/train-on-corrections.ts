// Continues the training of the default model with captions that you corrected.
// Run: npx tsx examples/train-on-corrections.ts KB CAPTIONS OUTPUT
// CAPTIONS: JSON Lines with `gold`, as the review page exports them.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const [kb, captions, output] = process.argv.slice(2).map((path) => resolve(path));
if (!kb || !captions || !output) throw new Error("usage: train-on-corrections.ts KB CAPTIONS OUTPUT");
const lines = readFileSync(captions, "utf8").trim().split("\n");
const part = (name: string, keep: (index: number) => boolean): string => {
  const file = `${output}-${name}.jsonl`;
  writeFileSync(file, lines.filter((_, index) => keep(index)).join("\n"));
  return file;
};
const config = {
  preset: "mini", // the settings that the default model was trained with
  name: "corrected",
  init: "mmel-mini-en",
  kb,
  train: [part("train", (index) => index % 5 > 0)], // a fifth of the captions is held out, to choose the best step
  dev: part("dev", (index) => index % 5 === 0),
  batch: 4,
  epochs: 1,
  learningRate: 2e-5,
  evaluation: { every: 5, sample: 20, candidates: 8 },
};
writeFileSync(`${output}.json`, JSON.stringify(config));
const command = fileURLToPath(new URL("cli/main.js", import.meta.resolve("mmel"))); // what `npx mmel` runs
const { status } = spawnSync(
  process.execPath,
  [command, "train", "--config", `${output}.json`, "--output", output],
  { stdio: "inherit" },
);
process.exitCode = status ?? 1;
