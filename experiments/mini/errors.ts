/**
 * Counts the errors with and without the network by kind of mention: `npx tsx experiments/mini/errors.ts RAW [MOST DOUBT]`. To
 * write the file RAW, run `curve.ts CAPTIONS KB CHECKPOINT RAW`. MOST and DOUBT are the options `most` (default 8) and `doubt`
 * (default 0.05) of the selection. A mention is counted under the first kind that applies.
 */
import { readFile } from "node:fs/promises";
import { isRight, passedOn, type ScoredMention, weightOf } from "./scored-mentions.js";

/** The bundled model's factor of the network's logits. */
const CONTEXT_WEIGHT = 0.8;

const [raw, most = "8", doubt = "0.05"] = process.argv.slice(2);
if (raw === undefined) throw new Error("usage: errors.ts RAW [MOST DOUBT]");
const all = JSON.parse(await readFile(raw, "utf8")) as ScoredMention[];
const selection = { most: Number(most), least: 1, doubt: Number(doubt) };

const words = (text: string): string[] => text.match(/[\p{L}\p{M}'’-]+/gu) ?? [];
const KINDS: readonly (readonly [string, (mention: ScoredMention) => boolean])[] = [
  ["gold is not among the 100 candidates", ({ candidates }) => !candidates.some(({ gold }) => gold)],
  ["another name in the caption", ({ single }) => !single],
  ["a year, and at most 3 words besides the name", (mention) => hasYear(mention) && otherWords(mention) <= 3],
  ["at most 3 words besides the name", (mention) => otherWords(mention) <= 3],
  [
    "a pronoun or kinship",
    ({ text }) =>
      /\b(?:he|she|his|her|him|himself|herself|wife|husband|son|daughter|brother|sister|father|mother)\b/i.test(
        text,
      ),
  ],
  ["a year among other words", hasYear],
  ["other words", () => true],
];

function hasYear({ text }: ScoredMention): boolean {
  return /\b1[0-9]{3}\b|\b20[0-9]{2}\b/.test(text);
}

function otherWords({ text, mention }: ScoredMention): number {
  return words(text).length - words(mention).length;
}

const rows = new Map(
  KINDS.map(([name]) => [name, { mentions: 0, before: 0, after: 0, fixed: 0, broken: 0 }]),
);
for (const mention of all) {
  const [name] = KINDS.find(([, fits]) => fits(mention))!;
  const row = rows.get(name)!;
  const passed = passedOn(mention, selection);
  const before = isRight(mention, [], 0);
  const after = isRight(mention, passed, weightOf(mention, passed, CONTEXT_WEIGHT));
  row.mentions += 1;
  row.before += Number(!before);
  row.after += Number(!after);
  row.fixed += Number(!before && after);
  row.broken += Number(before && !after);
}
console.log(
  "| kind | mentions | wrong, lexical | wrong, with the network | fixed | broken |\n|---|---|---|---|---|---|",
);
for (const [name, { mentions, before, after, fixed, broken }] of rows)
  console.log(`| ${name} | ${mentions} | ${before} | ${after} | ${fixed} | ${broken} |`);
