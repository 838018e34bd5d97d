/**
 * Measures how many candidates the network needs. Prints Top-1 on dev captions, and the number of pairs per mention, for several
 * settings of the cascade's selection.
 * `npx tsx experiments/mini/curve.ts CAPTIONS KB CHECKPOINT [RAW]` prints a table and writes the raw scores to RAW.
 * The network runs only once, with the setting that passes it the most candidates.
 */
import { writeFile } from "node:fs/promises";
import type { Caption } from "../../src/core/index.js";
import { readCaptions } from "../../src/formats/index.js";
import { select } from "../../src/models/cascade/select.js";
import { type ScoredMention, scoreMentions } from "./scored-mentions.js";

const [file, kb, folder, raw] = process.argv.slice(2);
if (file === undefined || kb === undefined || folder === undefined)
  throw new Error("usage: curve.ts CAPTIONS KB CHECKPOINT [RAW]");
const captions: Caption[] = [];
for await (const read of readCaptions(file)) if (read.kind === "record") captions.push(read.value);

const WIDEST = { most: 16, least: 1, doubt: 1e-4 };
const all = await scoreMentions(captions, kb, folder, WIDEST);
if (raw !== undefined) await writeFile(raw, JSON.stringify(all));

console.log(
  "| at most | doubt | pairs per mention | mentions passed to the network | Top-1 |\n|---|---|---|---|---|",
);
console.log(`| lexical alone | | 0 | 0 % | ${percent(top1(all, () => 1))} |`);
for (const most of [2, 4, 8, 16])
  for (const doubt of [0.2, 0.1, 0.05, 0.02, 0.01, 0.003, 0.001, 1e-4]) {
    const counts = all.map((mention) => countOf(mention, { most, least: 1, doubt }));
    const pairs = counts.filter((count) => count > 1).reduce((sum, count) => sum + count, 0) / all.length;
    const share = counts.filter((count) => count > 1).length / all.length;
    console.log(
      `| ${most} | ${doubt} | ${pairs.toFixed(2)} | ${percent(share)} | ${percent(top1(all, (_, at) => counts[at]!))} |`,
    );
  }

function countOf({ candidates }: ScoredMention, selection: Parameters<typeof select>[1]): number {
  return select(
    candidates.map(({ share }) => share),
    selection,
  ).length;
}

/**
 * Computes the share of mentions whose gold entity is ranked first. `countOf` returns how many of a mention's first-stage
 * candidates the network ranks.
 */
function top1(
  mentions: readonly ScoredMention[],
  countOf: (mention: ScoredMention, at: number) => number,
): number {
  const right = mentions.filter((mention, at) => {
    const passed = mention.candidates.slice(0, countOf(mention, at));
    const score = ({ share, logit = 0 }: (typeof passed)[number]): number =>
      Math.log(share) + (passed.length > 1 ? logit : 0);
    const best = passed.reduce((a, b) => (score(b) > score(a) ? b : a), passed[0]!);
    return best?.gold === true;
  });
  return right.length / mentions.length;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
