import { writeFile } from "node:fs/promises";
import { type Caption, createRandom, goldId } from "../../src/core/index.js";
import { createLexicalModel } from "../../src/models/lexical/lexical-model.js";
import type { LexicalWeights } from "../../src/models/lexical/weights.js";
import { rankCaption } from "../../src/ranking/index.js";
import { fitLexical, readLexicalData } from "../../src/training/lexical/index.js";
import { VARIATIONS } from "../../src/training/variation-rules.js";
import { rewriteMention } from "../../src/training/variations.js";
import {
  type Corpus,
  cutToLastWord,
  isHeldOut,
  openNewsroom,
  openWikimel,
  trainingData,
  withCandidates,
} from "./data.js";

/**
 * Fits the lexical model to three quarters of the captions for choosing, and measures Top-1 on the last quarter: as the
 * captions are, with names cut to their last word, and with one name rewritten by each rule. Usage: `npx tsx
 * experiments/lexical/choose.ts [L2]`. Writes the weights to `chosen.json`, and one line per measure to standard output.
 */
const l2 = Number(process.argv[2] ?? 2);
/** Maximum number of rewritten captions per rule. */
const EACH = Number(process.env.EACH ?? 300);

const heldOut = ({ captions }: Corpus): readonly Caption[] => captions.filter((_, index) => isHeldOut(index));

const wikimel = await openWikimel("train");
const newsroom = await openNewsroom();
const data = await readLexicalData(trainingData(wikimel, newsroom, (index) => !isHeldOut(index)));
process.stderr.write(`${data.choices.length} mentions\n`);
const weights = fitLexical(data, { l2, onProgress: (message) => process.stderr.write(`${message}\n`) });
await writeFile("chosen.json", `${JSON.stringify(weights, null, 1)}\n`);

show("as they are", await measure(weights, wikimel, heldOut(wikimel)));
show("last word", await measure(weights, wikimel, heldOut(wikimel).map(cutToLastWord)));
show("newsroom", await measure(weights, newsroom, heldOut(newsroom)));
const random = createRandom("held out");
for (const rule of VARIATIONS) {
  const [plain, rewritten, places]: [Caption[], Caption[], number[]] = [[], [], []];
  for (const caption of heldOut(wikimel)) {
    if (plain.length === EACH) break;
    const place = random.below(caption.mentions.length);
    const id = goldId(caption.mentions[place]!);
    const changed = id && rewriteMention(caption, place, rule, random, wikimel.entities.get(id));
    if (!changed) continue;
    plain.push(caption);
    rewritten.push(changed);
    places.push(place);
  }
  const before = await measure(weights, wikimel, plain, places);
  const after = await measure(weights, wikimel, rewritten, places);
  const share = (100 * after.right) / Math.max(1, before.right);
  show(`${rule.keepsAll ? "" : "- "}${rule.name} (${share.toFixed(1)} % of plain)`, after);
}

interface Figures {
  right: number;
  found: number;
  mentions: number;
  /** The same for the mentions of captions with several mentions. */
  rightOfSeveral: number;
  several: number;
}

/** Counts the mentions whose gold entity ranks first, and those whose gold entity is a candidate. */
async function measure(
  weights: LexicalWeights,
  corpus: Corpus,
  captions: readonly Caption[],
  places?: readonly number[],
): Promise<Figures> {
  const figures: Figures = { right: 0, found: 0, mentions: 0, rightOfSeveral: 0, several: 0 };
  await using model = createLexicalModel(weights);
  let at = 0;
  for await (const caption of withCandidates(corpus, captions)) {
    const only = places?.[at++];
    const [scores = []] = await model.score([caption]);
    const ranked = await rankCaption(caption, scores, model);
    caption.caption.mentions.forEach((mention, index) => {
      const id = goldId(mention);
      if (id === undefined || (only !== undefined && only !== index)) return;
      const isRight = Number(ranked[index]![0]?.candidate.entity.id === id);
      const isOfSeveral = Number(caption.caption.mentions.length > 1);
      figures.mentions += 1;
      figures.found += Number(caption.candidates[index]!.some(({ entity }) => entity.id === id));
      figures.right += isRight;
      figures.several += isOfSeveral;
      figures.rightOfSeveral += isRight * isOfSeveral;
    });
  }
  return figures;
}

function show(name: string, { right, found, mentions, rightOfSeveral, several }: Figures): void {
  const percent = (count: number, of: number): string => ((100 * count) / Math.max(1, of)).toFixed(2);
  console.log(
    `${name.padEnd(52)} right ${percent(right, mentions)}  candidate ${percent(found, mentions)}  mentions ${mentions}  ` +
      `one mention ${percent(right - rightOfSeveral, mentions - several)}  several ${percent(rightOfSeveral, several)} of ${several}`,
  );
}
