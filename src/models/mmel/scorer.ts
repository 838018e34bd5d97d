import { MmelError, throwIfAborted } from "../../core/index.js";
import type { Engine, Tensor, Tensors } from "../../tensor/engine/index.js";
import type { Divisors } from "../../tensor/onnx/index.js";
import { type BaselineScorer, createBaselineScorer } from "../baselines/scorer.js";
import { baselineOf, type MmelArchitecture } from "./config.js";
import { allPairs, type CaptionPairs, type PairReader, packPairs } from "./inputs.js";
import { scoringProgram, similarityProgram } from "./programs.js";

/** The network's outputs for one mention, in the order of its candidates. The outputs are not normalised. */
export interface MentionLogits {
  /** Match logits l. */
  readonly logits: readonly number[];
  /** Features h^e, one vector [d] per candidate; none for a baseline. */
  readonly features: readonly Float32Array[];
}

export interface ScorerParts {
  readonly architecture: MmelArchitecture;
  /** Engine with the model's weights. The caller closes it. */
  readonly engine: Engine;
  readonly reader: PairReader;
  /** The linear maps to compute in int8; default: none. */
  readonly int8?: Divisors | undefined;
  /** Number of tokens in a batch, including padding; see `packPairs`. */
  readonly batchTokens?: number;
}

/** Computes the raw outputs of a network, from which models and cascades compute match scores. */
export interface MmelScorer {
  /**
   * Returns the outputs for all captions; `result[i][j]` belongs to mention j of caption i. The outputs for a candidate
   * do not depend on other captions or candidates in the call, except that NCEL's depend on the candidates of the caption's
   * other mentions.
   */
  logits(captions: readonly CaptionPairs[], signal?: AbortSignal): Promise<MentionLogits[][]>;
  /**
   * Computes the similarity S of every left feature with every right feature: n and m features of width d -> [n, m],
   * row by row.
   */
  similarities(left: readonly Float32Array[], right: readonly Float32Array[]): Promise<Float64Array>;
}

/** Maximum number of hidden activations (float32, 128 MiB) in one run of the similarity program. */
const MAX_HIDDEN = 1 << 25;

/**
 * Creates a scorer. Its methods throw `NOT_A_NUMBER` if the network returns NaN or infinity, `ENGINE` if computing
 * fails, `ABORTED` if the signal fires, and the errors of the reader.
 */
export async function createScorer(parts: ScorerParts): Promise<MmelScorer> {
  const { architecture, engine } = parts;
  if (baselineOf(architecture.head) !== undefined) return withoutFeatures(await createBaselineScorer(parts));
  const { d } = architecture.head;
  await engine.define("scoring", scoringProgram(architecture, parts.int8));
  await engine.define("similarity", similarityProgram(architecture.head));

  return {
    async logits(captions, signal) {
      const pairs = await allPairs(captions, parts.reader);
      const logits = new Array<number>(pairs.length);
      const features = new Array<Float32Array>(pairs.length);
      for (const { members, inputs } of packPairs(pairs, architecture.head, parts.batchTokens)) {
        throwIfAborted(signal);
        const outputs = await engine.run("scoring", inputs, signal === undefined ? {} : { signal });
        const [match, h] = [finite(outputs, "match"), finite(outputs, "features")];
        members.forEach((member, row) => {
          logits[member] = match[row]!;
          features[member] = h.slice(row * d, (row + 1) * d);
        });
      }
      return regroup(captions, logits, features);
    },
    async similarities(left, right) {
      const rows = Math.max(1, Math.floor(MAX_HIDDEN / (d * right.length)));
      const all = new Float64Array(left.length * right.length);
      for (let row = 0; row < left.length && right.length > 0; row += rows) {
        const inputs = { left: stack(left.slice(row, row + rows), d), right: stack(right, d) };
        all.set(finite(await engine.run("similarity", inputs), "similarities"), row * right.length);
      }
      return all;
    },
  };
}

/** The scorer of a baseline, whose candidates have no features and which does not compare entities. */
const withoutFeatures = (score: BaselineScorer): MmelScorer => ({
  async logits(captions, signal) {
    const scores = await score(captions, signal);
    return scores.map((mentions) => mentions.map((logits) => ({ logits, features: [] })));
  },
  similarities: async () => {
    throw new MmelError("INTERNAL", { what: "a baseline has no similarity of entities" });
  },
});

/** Splits lists with one element per pair into lists for each mention of each caption. */
function regroup(
  captions: readonly CaptionPairs[],
  logits: number[],
  features: Float32Array[],
): MentionLogits[][] {
  let end = 0;
  return captions.map(({ candidates }) =>
    candidates.map(({ length }) => {
      const start = end;
      end += length;
      return { logits: logits.slice(start, end), features: features.slice(start, end) };
    }),
  );
}

/** Stacks n features [d] into one tensor [n, d]. */
function stack(rows: readonly Float32Array[], d: number): Tensor {
  const data = new Float32Array(rows.length * d);
  rows.forEach((row, i) => {
    data.set(row, i * d);
  });
  return { data, shape: [rows.length, d] };
}

function finite(outputs: Tensors, name: string): Float32Array {
  const values = outputs[name]?.data as Float32Array;
  if (values.every(Number.isFinite)) return values;
  throw new MmelError("NOT_A_NUMBER", {
    what: `the model's output "${name}" contains NaN or infinity`,
    expected: "finite values",
    hint: "Use another model, or train this model again.",
  });
}
