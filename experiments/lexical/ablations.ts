import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CaptionCandidates, goldId } from "../../src/core/index.js";
import { type Estimate, estimates } from "../../src/evaluation/bootstrap.js";
import { expectedRank } from "../../src/evaluation/records.js";
import { createLexicalModel } from "../../src/models/lexical/index.js";
import { type FitOptions, fitLexical, readLexicalData } from "../../src/training/lexical/index.js";
import { openNewsroom, openWikimel, trainingData, withCandidates } from "./data.js";

/** Options of the fit for each row of the table. Every row is fitted to the train captions from scratch. */
const ROWS: Readonly<Record<string, FitOptions>> = {
  "all features": {},
  "without agreement": { without: ["agreement"] },
  "without rest": { without: ["rest"] },
  "without prior": { without: ["prior"] },
  "without years": { without: ["years"] },
  "without life": { without: ["life"] },
  "without gender": { without: ["gender"] },
  "without roles": { without: ["roles"] },
  "without topics": { without: ["topics"] },
  "without words": { without: ["words"] },
  "without company": { without: ["company"] },
  "name only": {
    without: ["rest", "prior", "years", "life", "gender", "roles", "topics", "words", "company"],
  },
};

const MEASURES = ["all", "single", "multi", "seen", "unseen"] as const;

/** A function that scores a caption: one score for each candidate of each mention. */
type Score = (caption: CaptionCandidates) => Promise<readonly (readonly number[])[]>;

const train = await openWikimel("train");
const seen = new Set(
  train.captions.flatMap(({ mentions }) => mentions.flatMap((mention) => goldId(mention) ?? [])),
);
const data = await readLexicalData(trainingData(train, await openNewsroom()));
const dev: CaptionCandidates[] = [];
for await (const caption of withCandidates(train, (await openWikimel("dev")).captions)) dev.push(caption);

const table: Record<string, unknown> = {
  "name score, no fit": await measure(async ({ candidates }) =>
    candidates.map((list) => list.map(({ nameScore }) => nameScore)),
  ),
};
for (const [name, options] of Object.entries(ROWS)) {
  const model = createLexicalModel(fitLexical(data, options));
  const figures = await measure(async (caption) =>
    (await model.score([caption]))[0]!.map(({ match }) => match as number[]),
  );
  table[name] = { model: model.hash, ...figures };
  process.stderr.write(`${name} ${JSON.stringify(table[name])}\n`);
}
await writeFile(join(import.meta.dirname, "ablations.json"), `${JSON.stringify(table, null, 1)}\n`);

/**
 * Computes Top-1 on the dev captions, with the protocol `retrieval` and independent ranking. Returns one text per member of
 * `MEASURES`: the percentage and its 95 % confidence interval.
 */
async function measure(score: Score): Promise<Readonly<Record<string, string>>> {
  const clusters = [];
  for (const caption of dev) clusters.push(clusterOf(caption, await score(caption)));
  const percent = ({ mean, interval95 }: Estimate): string =>
    `${(100 * mean).toFixed(1)} [${interval95?.map((bound) => (100 * bound).toFixed(1)).join(", ") ?? "–"}]`;
  return Object.fromEntries(estimates(clusters).map((estimate, i) => [MEASURES[i]!, percent(estimate!)]));
}

function clusterOf({ caption, candidates }: CaptionCandidates, scores: readonly (readonly number[])[]) {
  const totals = MEASURES.map(() => 0);
  const counts = MEASURES.map(() => 0);
  caption.mentions.forEach(({ gold }, at) => {
    const id = gold?.kind === "entity" ? gold.id : "";
    const place = candidates[at]!.findIndex(({ entity }) => entity.id === id);
    const hit = Number(place >= 0 && expectedRank(scores[at]!, place) === 1);
    for (const measure of [
      "all",
      caption.mentions.length > 1 ? "multi" : "single",
      seen.has(id) ? "seen" : "unseen",
    ] as const) {
      totals[MEASURES.indexOf(measure)]! += hit;
      counts[MEASURES.indexOf(measure)]! += 1;
    }
  });
  return { totals, counts };
}
