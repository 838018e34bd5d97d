import { parseArgs } from "node:util";
import { type Caption, createRandom, goldId } from "../../src/core/index.js";
import type { Estimate } from "../../src/evaluation/bootstrap.js";
import { createProfileReader } from "../../src/models/lexical/entity-profile.js";
import { createLexicalScorer } from "../../src/models/lexical/lexical-model.js";
import { createLexicalEvidence } from "../../src/models/lexical/pair-evidence.js";
import { readLexicalWeights } from "../../src/models/lexical/weights.js";
import { cutToLastWord, isHeldOut, openWikimel, withCandidates } from "../lexical/data.js";
import { type RankedCaption, rankAll, top1 } from "./captions.js";
import { evidenceLogits, fitEvidence, type Similar, withTrained } from "./evidence.js";
import { createFeatureSpace, type Sparse } from "./features.js";
import { latentDirections } from "./latent.js";
import { type Logits, orderedPairs, shareAbove } from "./pairs.js";
import {
  createSimilarity,
  type GoldCaption,
  type Settings,
  type Similarity,
  shareOfRivals,
  trainSimilarity,
} from "./train.js";

/**
 * Trains a similarity of two entities, and measures it and the pair evidence. Usage and figures: see `README.md`.
 */
const { values: options } = parseArgs({
  options: {
    /** Folder of the lexical model that gives m. */
    model: { type: "string", default: "models/lexical" },
    /** Measures the shares on dev, with the S that is trained on all of train for `epochs`. */
    dev: { type: "boolean", default: false },
    epochs: { type: "string", default: "5" },
    rank: { type: "string", default: "32" },
    rate: { type: "string", default: "0.01" },
    l2: { type: "string", default: "0.0001" },
    others: { type: "string", default: "0.5" },
  },
});

const settings: Settings = {
  rank: Number(options.rank),
  tableRate: Number(options.rate),
  columnRate: 0.01,
  l2: Number(options.l2),
  others: Number(options.others),
  rivals: 16,
  batch: 64,
};
/** Number of parts of the training captions. Each part gets the S that was trained on the other parts. */
const PARTS = 3;
/** Training stops after this many epochs without a higher share, and after `MOST` epochs. */
const PATIENCE = 2;
const MOST = 40;
/** Numbers of strongest rivals for which the share is reported. */
const COUNTS = [1, 5, 24, 1000];

const wikimel = await openWikimel("train");
const several = (captions: readonly Caption[], use: (index: number) => boolean): readonly Caption[] =>
  captions.filter(({ mentions }, index) => mentions.length > 1 && use(index));

const profileOf = createProfileReader(100_000);
const profiles = [...wikimel.entities.values()].map(profileOf);
const space = createFeatureSpace(profiles);
const vectors = new Map<string, Sparse>(profiles.map((profile) => [profile.entity.id, space.read(profile)]));
const start = latentDirections([...vectors.values()], space.size, settings.rank, createRandom("start"));
console.log(JSON.stringify({ features: space.size, ...settings }));

await (options.dev ? measureDev() : measureHeldOut());

async function measureHeldOut(): Promise<void> {
  const captions = several(wikimel.captions, (index) => !isHeldOut(index));
  const data = await goldCaptions(captions);
  const partOf = new Map(captions.map(({ id }, at) => [id, at % PARTS]));
  const parts = Array.from({ length: PARTS }, (_, part) => {
    const isOther = (_caption: GoldCaption, at: number): boolean => at % PARTS !== part;
    return stopped(
      data.filter(isOther),
      data.filter((caption, at) => !isOther(caption, at)),
    );
  });
  const epochs = Math.round(parts.reduce((sum, part) => sum + part.epochs, 0) / PARTS);
  console.log(`epochs: ${epochs}`);
  const similar = trained(data, epochs);

  const weights = await readLexicalWeights(options.model);
  const scorer = createLexicalScorer(weights);
  const rank = (shown: readonly Caption[]) =>
    rankAll(withCandidates(wikimel, shown), scorer, weights.temperature);
  const fitted = [...(await rank(captions)), ...(await rank(captions.map(cutToLastWord)))];
  const without = fitEvidence(fitted);
  const beside = fitEvidence(
    fitted,
    ({ caption }) => parts[partOf.get(caption.caption.id)!]!.similar,
    without,
  );
  console.log(JSON.stringify({ without, beside }, null, 1));

  const evidences = [createLexicalEvidence(without), withTrained(beside, similar)];
  const held = several(wikimel.captions, isHeldOut);
  for (const [name, shown] of [
    ["as they are", held],
    ["last word", held.map(cutToLastWord)],
  ] as const) {
    const ranked = await rank(shown);
    showShares(name, ranked, evidences[0]!, similar);
    showTop1(name, await top1(ranked, weights, evidences));
  }
}

async function measureDev(): Promise<void> {
  const weights = await readLexicalWeights(options.model);
  const scorer = createLexicalScorer(weights);
  const similar = trained(await goldCaptions(several(wikimel.captions, () => true)), Number(options.epochs));
  const dev = await openWikimel("dev");
  const shown = several(dev.captions, () => true);
  const ranked = await rankAll(withCandidates(dev, shown), scorer, weights.temperature);
  showShares("dev", ranked, createLexicalEvidence(weights.pair), similar);
}

/** Returns the captions' golds with their rivals: the candidates of the name and of its last word. */
async function goldCaptions(captions: readonly Caption[]): Promise<readonly GoldCaption[]> {
  const rivals = captions.map(({ mentions }) => mentions.map(() => new Set<string>()));
  for (const shown of [captions, captions.map(cutToLastWord)]) {
    let at = 0;
    for await (const { candidates } of withCandidates(wikimel, shown)) {
      candidates.forEach((list, mention) => {
        for (const { entity } of list) rivals[at]![mention]!.add(entity.id);
      });
      at++;
    }
  }
  return captions.map(({ mentions }, at) => {
    const ids = mentions.map((mention) => goldId(mention));
    const known = [...ids.keys()].filter(
      (mention) => ids[mention] !== undefined && vectors.has(ids[mention]),
    );
    return {
      golds: known.map((mention) => vectors.get(ids[mention]!)!),
      rivals: known.map((mention) =>
        [...rivals[at]![mention]!].filter((id) => id !== ids[mention]).map((id) => vectors.get(id)!),
      ),
    };
  });
}

/** Trains a similarity until the share of rivals below the gold is highest on `checked`. */
function stopped(
  captions: readonly GoldCaption[],
  checked: readonly GoldCaption[],
): { readonly similar: Similar; readonly epochs: number } {
  let best: { similarity: Similarity; epochs: number; share: number } | undefined;
  trainSimilarity(captions, start, settings, createRandom("train"), (epochs, model) => {
    const similarity = createSimilarity(model);
    const share = shareOfRivals(checked, similarity);
    console.log(`epoch ${epochs}: ${share.toFixed(4)}`);
    if (best === undefined || share > best.share) best = { similarity, epochs, share };
    return epochs < MOST && epochs - best.epochs < PATIENCE;
  });
  return { similar: similarOf(best!.similarity), epochs: best!.epochs };
}

/** Trains a similarity for a number of epochs. */
function trained(captions: readonly GoldCaption[], epochs: number): Similar {
  let similarity: Similarity | undefined;
  trainSimilarity(captions, start, settings, createRandom("train"), (epoch, model) => {
    if (epoch === epochs) similarity = createSimilarity(model);
    return epoch < epochs;
  });
  return similarOf(similarity!);
}

function similarOf(similarity: Similarity): Similar {
  return (a, b) => similarity(space.read(a), space.read(b));
}

function logitsOf(similar: Similar): Logits {
  return (a, list) => list.map(({ profile }) => similar(a.profile, profile));
}

function showShares(
  name: string,
  ranked: readonly RankedCaption[],
  evidence: ReturnType<typeof createLexicalEvidence>,
  similar: Similar,
): void {
  const pairs = orderedPairs(ranked, createRandom("strangers"));
  for (const [kind, logits] of [
    ["pair evidence", evidenceLogits(evidence)],
    ["trained", logitsOf(similar)],
  ] as const) {
    const shares = COUNTS.map((count) => shareAbove(pairs, logits, count).map((share) => share.toFixed(3)));
    console.log(
      `${name}, ${pairs.length} pairs, ${kind}: ${COUNTS.map((count, at) => `${count}: ${shares[at]!.join(" swapped ")}`).join("; ")}`,
    );
  }
}

function showTop1(name: string, shown: readonly (Estimate | undefined)[]): void {
  const text = shown.map((estimate) => {
    const { mean, interval95 } = estimate!;
    return `${(100 * mean).toFixed(2)} [${interval95?.map((limit) => (100 * limit).toFixed(2)).join(", ") ?? "–"}]`;
  });
  console.log(`${name}, Top-1 without, with, difference: ${text.join("; ")}`);
}
