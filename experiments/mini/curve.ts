/**
 * Measures how many candidates the network needs. Prints Top-1, and the number of pairs per mention, for several settings of
 * the cascade's selection. `npx tsx experiments/mini/curve.ts CAPTIONS KB CHECKPOINT [RAW]` writes the raw scores to RAW, which
 * it reads instead of computing them if the file exists.
 */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { openCheckpoint } from "../../src/models/checkpoint/index.js";
import { isRight, passedOn, type ScoredMention, scoreMentions, weightOf } from "./scored-mentions.js";

const [file, kb, folder, raw] = process.argv.slice(2);
if (file === undefined || kb === undefined || folder === undefined)
  throw new Error("usage: curve.ts CAPTIONS KB CHECKPOINT [RAW]");
const { contextWeight = 0.8 } = (await openCheckpoint(folder)).config;
const all: ScoredMention[] =
  raw !== undefined && existsSync(raw)
    ? JSON.parse(await readFile(raw, "utf8"))
    : await scoreMentions(file, kb, folder, { most: 12, least: 1, doubt: 0.02 });
if (raw !== undefined) await writeFile(raw, JSON.stringify(all));

const percent = (share: number): string => (100 * share).toFixed(2);
const lexical = all.filter((mention) => isRight(mention, [], 0)).length / all.length;
console.log(
  "| at most | doubt | pairs per mention | mentions passed to the network | Top-1 |\n|---|---|---|---|---|",
);
console.log(`| lexical alone | | 0 | 0 % | ${percent(lexical)} |`);
for (const most of [2, 3, 4, 6, 8, 12])
  for (const doubt of [0.2, 0.1, 0.05, 0.02]) {
    let pairs = 0;
    let passedMentions = 0;
    let right = 0;
    for (const mention of all) {
      const passed = passedOn(mention, { most, least: 1, doubt });
      pairs += passed.length;
      passedMentions += Number(passed.length > 0);
      right += Number(isRight(mention, passed, weightOf(mention, passed, contextWeight)));
    }
    const row = [
      most,
      doubt,
      (pairs / all.length).toFixed(2),
      `${percent(passedMentions / all.length)} %`,
      percent(right / all.length),
    ];
    console.log(`| ${row.join(" | ")} |`);
  }
