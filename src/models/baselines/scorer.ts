import { throwIfAborted } from "../../core/index.js";
import type { Engine } from "../../tensor/engine/index.js";
import { baselineModel, type MmelArchitecture, passLengths } from "../mmel/config.js";
import type { CaptionPairs, PairInput, PairReader } from "../mmel/inputs.js";
import { createEncoder, type Encoded, finite, remembering, stacked, stackedRows } from "./encoded.js";
import { crossProgram, entityProgram, mentionProgram, neighbourProgram, pairProgram } from "./programs.js";
import { NEIGHBOURS } from "./table.js";

export interface BaselineScorerParts {
  readonly architecture: MmelArchitecture;
  /** Engine with the model's weights. */
  readonly engine: Engine;
  readonly reader: PairReader;
  /** Number of tokens in a batch, including padding. */
  readonly batchTokens?: number | undefined;
}

/** Scores the candidates of each mention of a caption: `scores[i][j][k]` is l of candidate k of mention j of caption i. */
export type BaselineScorer = (
  captions: readonly CaptionPairs[],
  signal?: AbortSignal,
) => Promise<number[][][]>;

/** Returns the outputs for each candidate of each mention: its l, or its node of a graph. */
type PairScorer = (mentions: readonly PairInput[][], signal?: AbortSignal) => Promise<Float32Array[][]>;

/**
 * Creates the scorer of a baseline. It keeps the encoded entities, so it is valid as long as the engine's weights do not change.
 * It throws `NOT_A_NUMBER` if the network returns NaN or infinity, `ABORTED` if the signal fires, and the errors of the engine
 * and of the reader.
 */
export async function createBaselineScorer(parts: BaselineScorerParts): Promise<BaselineScorer> {
  const { score } = baselineModel(parts.architecture, 0)!.row;
  const scorePairs = await (score === "linear" ? crossScorer(parts) : sidesScorer(parts));
  const finish = score === "graph" ? await neighbourScorer(parts) : firstValues;
  return async (captions, signal) => {
    const read: PairInput[][][] = [];
    for (const caption of captions) read.push(await pairsOf(caption, parts.reader));
    const scored = await scorePairs(read.flat(), signal);
    const scores: number[][][] = [];
    for (const mentions of parted(scored, read)) scores.push(await finish(mentions));
    return scores;
  };
}

const pairsOf = ({ caption, candidates }: CaptionPairs, read: PairReader): Promise<PairInput[][]> =>
  Promise.all(
    candidates.map((list, mention) => {
      const entities = list.map(({ entity }) => entity);
      return read(caption, mention, entities);
    }),
  );

/** Cuts a list into parts of the same lengths as `like`. */
function parted<T>(list: readonly T[], like: readonly (readonly unknown[])[]): T[][] {
  let end = 0;
  return like.map(({ length }) => {
    end += length;
    return list.slice(end - length, end);
  });
}

const firstValues = async (mentions: readonly Float32Array[][]): Promise<number[][]> =>
  mentions.map((rows) => rows.map(([value]) => value!));

/** Scores pairs with a cross-encoder. */
async function crossScorer({ architecture, engine, batchTokens }: BaselineScorerParts): Promise<PairScorer> {
  const { head } = architecture;
  await engine.define("cross", crossProgram(baselineModel(architecture, 0)!, lengthsOf(architecture)));
  const encode = createEncoder(engine, "cross", "entity", head, batchTokens);
  return async (mentions, signal) => {
    const outputs = await encode(mentions.flat(), signal);
    return parted(
      outputs.map(({ match }) => finite(match!)),
      mentions,
    );
  };
}

const lengthsOf = ({ head }: MmelArchitecture) => passLengths(head, (pass) => `${pass}.length`);

/** Number of candidates that are scored at once: a decoder has the logits of a whole vocabulary for each token. */
const CHUNK = 32;

/** Encodes mentions and entities apart, and scores the candidates of one mention after the other. */
async function sidesScorer({ architecture, engine, batchTokens }: BaselineScorerParts): Promise<PairScorer> {
  const { head } = architecture;
  const model = baselineModel(architecture, 0)!;
  await engine.define("mention", mentionProgram(model, lengthsOf(architecture)));
  await engine.define("entity", entityProgram(model, lengthsOf(architecture)));
  await engine.define("pair", pairProgram(model, lengthsOf(architecture)));
  const encodeMentions = createEncoder(engine, "mention", "mention", head, batchTokens);
  const encodeEntities = remembering(createEncoder(engine, "entity", "entity", head, batchTokens));

  async function score(mention: Encoded, entities: readonly Encoded[]): Promise<Float32Array[]> {
    const rows: Float32Array[] = [];
    for (let start = 0; start < entities.length; start += CHUNK) {
      const chunk = entities.slice(start, start + CHUNK);
      const inputs = { ...stacked("mention", [mention]), ...stacked("entity", chunk) };
      const { match, nodes } = await engine.run("pair", inputs);
      const values = finite((match ?? nodes)!);
      const width = values.length / chunk.length;
      for (let row = 0; row < chunk.length; row++) rows.push(values.slice(row * width, (row + 1) * width));
    }
    return rows;
  }

  return async (mentions, signal) => {
    const used = mentions.filter(({ length }) => length > 0);
    const encoded = await encodeMentions(
      used.map(([pair]) => pair!),
      signal,
    );
    const entities = parted(await encodeEntities(mentions.flat(), signal), mentions);
    const scores: Float32Array[][] = [];
    for (const [at, mention] of mentions.entries()) {
      throwIfAborted(signal);
      const place = used.indexOf(mention);
      scores.push(place < 0 ? [] : await score(encoded[place]!, entities[at]!));
    }
    return scores;
  };
}

/** NCEL: scores the candidates of a caption's mentions from their nodes and those of their neighbours. */
async function neighbourScorer({ architecture, engine }: BaselineScorerParts) {
  const { d } = architecture.head;
  await engine.define("neighbours", neighbourProgram(d));
  const none = [new Float32Array(2 * d)];
  return async (mentions: readonly Float32Array[][]): Promise<number[][]> => {
    const scores: number[][] = [];
    for (const [at, own] of mentions.entries()) {
      const near = mentions.slice(Math.max(0, at - NEIGHBOURS), at + NEIGHBOURS + 1);
      const others = near.filter((mention) => mention !== own).flat();
      const inputs = {
        own: stackedRows(own, 2 * d),
        others: stackedRows(others.length > 0 ? others : none, 2 * d),
      };
      scores.push(own.length === 0 ? [] : [...finite((await engine.run("neighbours", inputs)).match!)]);
    }
    return scores;
  };
}
