import { createRandom, type CaptionCandidates, type Entity } from "../../src/core/index.js";
import { createLexicalScorer } from "../../src/models/lexical/lexical-model.js";
import { fitLexical, readLexicalData } from "../../src/training/lexical/index.js";
import { rewriteMention, VARIATIONS, varied } from "../../src/training/variations.js";
import { openNewsroom, openSource, readCaptions } from "./data.js";
import { writeFileSync } from "node:fs";

/**
 * Fits the lexical model to three quarters of the train captions and reports how many mentions of the last quarter it ranks
 * right, as they are and rewritten by each rule: `npx tsx experiments/lexical/choose.ts`.
 */
const wikimel = await openSource();
const random = createRandom("variations");
const entityOf = (id: string): Entity | undefined => wikimel.entities.get(id);
const captions = await wikimel.captions("train");
const newsroom = process.env.NEWS === "0" ? undefined : await openNewsroom();
const news = newsroom ? (await newsroom.captions()).slice(0, 1000) : [];
async function* training(): AsyncGenerator<CaptionCandidates> {
  const own = captions.filter((_, index) => index % 4 !== 0 && index % 4 < Number(process.env.PART ?? 4));
  yield* readCaptions(wikimel.source, own);
  yield* readCaptions(wikimel.source, own.flatMap((caption) => varied(caption, entityOf, random)?.caption ?? []));
  if (newsroom) yield* readCaptions(newsroom.source, news.filter((_, index) => index % 4 !== 0));
}
let t = Date.now();
const data = await readLexicalData(training());
process.stderr.write(`read ${data.choices.length} choices in ${(Date.now() - t) / 1000}\n`); t = Date.now();
const weights = fitLexical(data, { l2: Number(process.env.L2 ?? 2) });
process.stderr.write(`fit in ${(Date.now() - t) / 1000}\n`);
writeFileSync(process.env.OUT ?? "/tmp/w/chosen.json", JSON.stringify(weights, null, 1));
const scorer = createLexicalScorer(weights);
async function right(source: typeof wikimel.source, list: typeof captions, mentions?: readonly number[]): Promise<[number, number, number]> {
  let [hit, found, all, at] = [0, 0, 0, 0];
  for await (const caption of readCaptions(source, list)) {
    const only = mentions?.[at++];
    const scored = scorer.score(caption);
    caption.caption.mentions.forEach(({ gold }, index) => {
      if (gold?.kind !== "entity" || (only !== undefined && only !== index)) return;
      all++;
      const list = caption.candidates[index]!;
      if (list.some(({ entity }) => entity.id === gold.id)) found++;
      const { scores } = scored[index]!;
      const best = scores.indexOf(Math.max(...scores));
      if (list[best]?.entity.id === gold.id) hit++;
    });
  }
  return [hit, found, all];
}
const show = (name: string, [hit, found, all]: readonly number[]): void =>
  console.log(`${name.padEnd(36)} ${((100 * hit!) / all!).toFixed(2)}  found ${((100 * found!) / all!).toFixed(2)}  n ${all}`);
const held = captions.filter((_, index) => index % 4 === 0);
show("plain", await right(wikimel.source, held));
show("last word", await right(wikimel.source, held.map((caption) => ({ ...caption, mentions: caption.mentions.map((m) => ({ ...m, text: m.text.split(" ").at(-1)!, ...(m.span && { span: { start: m.span.end - m.text.split(" ").at(-1)!.length, end: m.span.end } }) })) }))));
if (newsroom) show("newsroom", await right(newsroom.source, news.filter((_, index) => index % 4 === 0)));
const rules = createRandom("held out");
for (const rule of VARIATIONS) {
  const [written, plain, places]: [typeof captions, typeof captions, number[]] = [[], [], []];
  for (const caption of held) {
    if (written.length >= Number(process.env.EACH ?? 250)) break;
    const mention = rules.below(Math.max(1, caption.mentions.length));
    const gold = caption.mentions[mention]?.gold;
    const changed = gold?.kind === "entity" ? rewriteMention(caption, mention, rule, rules, entityOf(gold.id)) : undefined;
    if (changed === undefined) continue;
    written.push(changed); plain.push(caption); places.push(mention);
  }
  if (written.length === 0) continue;
  const before = await right(wikimel.source, plain, places);
  const after = await right(wikimel.source, written, places);
  show(`${rule.keepsAll ? "" : "- "}${rule.name} (${((100 * after[0]) / before[0]).toFixed(1)})`, after);
}
