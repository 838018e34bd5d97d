import { existsSync } from "node:fs";
import { join } from "node:path";
import { createCandidateSource } from "../../src/candidates/index.js";
import type { CaptionCandidates } from "../../src/core/index.js";
import { readWikimelCaptions, readWikimelEntities } from "../../src/datasets/index.js";
import { createPairEncoder, openPretrained } from "../../src/encoders/index.js";
import { initialCheckpoint } from "../../src/models/checkpoint/index.js";
import type { VariantName } from "../../src/models/mmel/index.js";
import { allPairs, createPairReader, type PairInput, packPairs } from "../../src/models/mmel/inputs.js";
import { scoringProgram } from "../../src/models/mmel/programs.js";
import { createEngine, type Engine } from "../../src/tensor/engine/index.js";
import { least, type Seconds, timed, timesFaster } from "./ours.js";
import { SHAPE } from "./shape.js";

/** Number of captions that the linker scores at once. */
const CAPTIONS = 32;

export interface BucketFigures {
  readonly captions: number;
  readonly pairs: number;
  readonly meanTokens: number;
  readonly longest: number;
  readonly paddedToLongest: Seconds;
  readonly packed: Seconds;
  /** Factors by which packing by length reduces wall time and CPU time. */
  readonly timesFaster: Seconds;
}

/**
 * Measures how long MMEL with all-MiniLM-L6-v2 takes to score 100 candidates for each mention in captions from
 * Wikidata-MEL (dev). Compares pairs packed by length with pairs padded to the length of the longest pair. Returns
 * undefined if the model or the captions are missing from the folder `data`.
 */
export async function measureBuckets(
  data: string,
  rounds: number,
  variant: VariantName,
): Promise<BucketFigures | undefined> {
  const [model, wikimel] = [join(data, "models/all-MiniLM-L6-v2"), join(data, "wikimel")];
  if (!existsSync(model) || !existsSync(wikimel)) return undefined;
  const { config, weights } = await initialCheckpoint(model, {
    name: "untrained",
    seed: 1,
    head: { variant },
  });
  const { tokenizer } = await openPretrained(model);
  const encoder = createPairEncoder(tokenizer, config.input);
  const captions = await candidatesOf(wikimel, CAPTIONS);
  const pairs = await allPairs(captions, createPairReader({ config: config.head, encoder }));
  const sizes = pairs.map(({ tokens }) => tokens.pair!.ids.length);
  const longest = Math.max(...sizes);

  await using engine = createEngine({ threads: SHAPE.threads });
  const program = scoringProgram(config);
  await engine.load(
    program.parameters.map(({ name, shape }) => ({
      name,
      shape: shape as readonly number[],
      source: { kind: "data", data: weights.get(name)! },
    })),
  );
  await engine.define("scoring", program);
  const score = (lengths?: readonly number[]) => timed(() => scoreAll(engine, pairs, config.head, lengths));
  await score();
  const seconds = { padded: [] as Seconds[], packed: [] as Seconds[] };
  for (let round = 0; round < rounds; round++) {
    seconds.padded.push(await score([longest]));
    seconds.packed.push(await score());
  }
  const [paddedToLongest, packed] = [least(seconds.padded), least(seconds.packed)];
  return {
    captions: captions.length,
    pairs: pairs.length,
    meanTokens: sizes.reduce((sum, size) => sum + size, 0) / pairs.length,
    longest,
    paddedToLongest,
    packed,
    timesFaster: timesFaster(packed, paddedToLongest),
  };
}

async function scoreAll(
  engine: Engine,
  pairs: readonly PairInput[],
  head: Parameters<typeof packPairs>[1],
  lengths?: readonly number[],
): Promise<void> {
  for (const { inputs } of packPairs(pairs, head, undefined, lengths)) await engine.run("scoring", inputs);
}

/** Returns `count` captions, evenly spaced over the dev split, with up to 100 candidates per mention. */
async function candidatesOf(wikimel: string, count: number): Promise<CaptionCandidates[]> {
  const source = createCandidateSource(await all(readWikimelEntities(wikimel)));
  const split = await all(readWikimelCaptions(wikimel, "dev"));
  const captions = Array.from(
    { length: count },
    (_, index) => split[index * Math.floor(split.length / count)]!,
  );
  return Promise.all(
    captions.map(async (caption) => ({
      caption,
      candidates: await source.candidates(
        caption.mentions.map(({ text }) => text),
        100,
      ),
    })),
  );
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
