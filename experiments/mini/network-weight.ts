/**
 * Compares ways to weigh the network's logits: `npx tsx experiments/mini/network-weight.ts CAPTIONS KB CHECKPOINT`. Each
 * mention is ranked by the share that it has together with the other names, plus the weighted logit. Prints Top-1 over all
 * mentions whose gold entity is in the knowledge base, and the mean log loss over those that the network scores.
 */
import { type Caption, goldId, withoutGold } from "../../src/core/index.js";
import { readCaptions } from "../../src/formats/index.js";
import { lookUp, openParts } from "../../src/linker/index.js";
import { contextWords, entityWords, networkWeight } from "../../src/models/cascade/network-weight.js";
import { select } from "../../src/models/cascade/select.js";
import { openCheckpoint } from "../../src/models/checkpoint/index.js";
import { startScorer } from "../../src/models/mmel/index.js";
import { softmax } from "../../src/models/softmax.js";
import { decideCaption } from "../../src/models/together/index.js";

const [captionsFile, kb, checkpoint] = process.argv.slice(2);
if (captionsFile === undefined || kb === undefined || checkpoint === undefined)
  throw new Error("usage: network-weight.ts CAPTIONS KB CHECKPOINT");

interface Scored {
  readonly words: number;
  readonly entityWords: number;
  readonly own: readonly number[];
  readonly together: readonly number[];
  readonly logits: readonly number[];
  /** Place of the gold entity among the chosen candidates; -1 if it was not chosen. */
  readonly gold: number;
}

const byWords = (a: number) => (one: Scored) => a * Math.log1p(one.words);
const weight = (contextWeight: number, { own, together, ...mention }: Scored) =>
  networkWeight({ contextWeight, ...mention }, own, together);
const RULES: readonly (readonly [string, (mention: Scored) => number])[] = [
  ["0 (lexical alone)", () => 0],
  ["0.5", () => 0.5],
  ["1", () => 1],
  ["1.5", () => 1.5],
  ["0.6 · ln(1 + w)", byWords(0.6)],
  ["0.8 · ln(1 + w)", byWords(0.8)],
  ["0.8 · ln(1 + w) / (1 + c)", (one) => weight(0.8, { ...one, entityWords: Infinity })],
  ["0.7 · ln(1 + min(w, e)) / (1 + c)", (one) => weight(0.7, one)],
  ["0.8 · ln(1 + min(w, e)) / (1 + c)", (one) => weight(0.8, one)],
  ["1.0 · ln(1 + min(w, e)) / (1 + c)", (one) => weight(1, one)],
];

await using parts = await openParts({ kb, model: "lexical" });
const { scorer, engine } = await startScorer(await openCheckpoint(checkpoint));
const selection = { most: 8, least: 1, doubt: 0.05 };
const scored: Scored[] = [];
let alone = 0; // mentions that the first stage decides, and decides right
let mentions = 0;
const captions: Caption[] = [];
for await (const read of readCaptions(captionsFile)) if (read.kind === "record") captions.push(read.value);
for (let at = 0; at < captions.length; at += 32) {
  const batch = captions.slice(at, at + 32);
  const found = await lookUp(parts, batch.map(withoutGold), 100);
  const first = await parts.model.score(found);
  const shares = await Promise.all(
    first.map(async (scores, i) => {
      const decided = await decideCaption(found[i]!, scores, parts.model.evidence!);
      return scores.map(({ match }, j) => match.map((m, k) => decided[j]?.share(k) ?? m ?? 0));
    }),
  );
  const chosen = shares.map((lists) => lists.map((list) => select(list, selection)));
  const logits = await scorer.logits(
    found.map(({ caption, candidates }, i) => ({
      caption,
      candidates: candidates.map((list, j) =>
        chosen[i]![j]!.length < 2 ? [] : chosen[i]![j]!.map((k) => list[k]!),
      ),
    })),
  );
  for (const [i, { caption, candidates }] of found.entries())
    for (const [j, list] of candidates.entries()) {
      const gold = goldId(batch[i]!.mentions[j]!);
      if (gold === undefined) continue;
      mentions += 1;
      const places = chosen[i]![j]!;
      const right = places.findIndex((k) => list[k]!.entity.id === gold);
      if (places.length < 2) alone += Number(right === 0);
      else
        scored.push({
          words: contextWords(caption),
          entityWords: places.reduce((sum, k) => sum + entityWords(list[k]!.entity), 0) / places.length,
          own: places.map((k) => first[i]![j]!.match[k] ?? 0),
          together: places.map((k) => shares[i]![j]![k]!),
          logits: logits[i]![j]!.logits,
          gold: right,
        });
    }
}
await engine.close();

console.log("| weight of the logits | Top-1 | log loss |\n|---|---|---|");
for (const [name, weightOf] of RULES) {
  let right = alone;
  let loss = 0;
  for (const mention of scored) {
    const factor = weightOf(mention);
    const terms = mention.together.map(
      (share, k) => Math.log(Math.max(share, 1e-9)) + factor * mention.logits[k]!,
    );
    right += Number(terms.indexOf(Math.max(...terms)) === mention.gold);
    if (mention.gold >= 0) loss -= Math.log(softmax(terms)[mention.gold]!);
  }
  const top1 = ((100 * right) / mentions).toFixed(2);
  console.log(`| ${name} | ${top1} | ${(loss / scored.length).toFixed(4)} |`);
}
console.log(`\nThe network scores ${scored.length} of the ${mentions} mentions.`);
