/**
 * Compares ways to weigh the network's logits: `npx tsx experiments/mini/network-weight.ts CAPTIONS KB CHECKPOINT [RAW]`. Each
 * mention is ranked by the share that it has together with the other names, plus the weighted logit. Prints Top-1 over all
 * mentions whose gold entity is in the knowledge base, and the mean log loss over those that the network scores. RAW is the file
 * of scores that `curve.ts` writes; without it, they are computed.
 */
import { readFile } from "node:fs/promises";
import { softmax } from "../../src/models/softmax.js";
import {
  isRight,
  passedOn,
  type ScoredCandidate,
  type ScoredMention,
  scoreMentions,
  termsOf,
  weightOf,
} from "./scored-mentions.js";

const [file, kb, checkpoint, raw] = process.argv.slice(2);
if (file === undefined || kb === undefined || checkpoint === undefined)
  throw new Error("usage: network-weight.ts CAPTIONS KB CHECKPOINT [RAW]");

const selection = { most: 8, least: 1, doubt: 0.05 };
const mentions: readonly ScoredMention[] =
  raw === undefined
    ? await scoreMentions(file, kb, checkpoint, selection)
    : JSON.parse(await readFile(raw, "utf8"));

type Rule = (mention: ScoredMention, passed: readonly ScoredCandidate[]) => number;
const byWords =
  (a: number): Rule =>
  ({ words }) =>
    a * Math.log1p(words);
const withoutEntities: Rule = (mention, passed) =>
  weightOf(
    mention,
    passed.map((candidate) => ({ ...candidate, words: Number.POSITIVE_INFINITY })),
    0.8,
  );
const whole =
  (a: number): Rule =>
  (mention, passed) =>
    weightOf(mention, passed, a);
const RULES: readonly (readonly [string, Rule])[] = [
  ["0 (lexical alone)", () => 0],
  ["0.5", () => 0.5],
  ["1", () => 1],
  ["1.5", () => 1.5],
  ["0.6 · ln(1 + w)", byWords(0.6)],
  ["0.8 · ln(1 + w)", byWords(0.8)],
  ["0.8 · ln(1 + w + 2) / (1 + c)", withoutEntities],
  ...[0.4, 0.5, 0.6, 0.7, 0.8, 1].map((a): readonly [string, Rule] => [
    `${a} · ln(1 + min(w + 2, e)) / (1 + c)`,
    whole(a),
  ]),
];

console.log("| weight of the logits | Top-1 | log loss |\n|---|---|---|");
const scored = mentions.filter((mention) => passedOn(mention, selection).length > 0).length;
for (const [name, rule] of RULES) {
  let right = 0;
  let loss = 0;
  for (const mention of mentions) {
    const passed = passedOn(mention, selection);
    const weight = passed.length === 0 ? 0 : rule(mention, passed);
    right += Number(isRight(mention, passed, weight));
    const gold = passed.findIndex((candidate) => candidate.gold);
    if (gold >= 0) loss -= Math.log(softmax(termsOf(passed, weight))[gold]!);
  }
  console.log(
    `| ${name} | ${((100 * right) / mentions.length).toFixed(2)} | ${(loss / scored).toFixed(4)} |`,
  );
}
console.log(`\nThe network scores ${scored} of the ${mentions.length} mentions.`);
