import { type CaptionCandidates, MmelError, throwIfAborted } from "../../core/index.js";
import type { Engine, Tensor, Tensors } from "../../tensor/engine/index.js";
import { packPairs } from "./inputs.js";
import { allPairs, type PairReader } from "./pair-input.js";
import type { MmelArchitecture } from "./network.js";
import { scoringProgram, similarityProgram } from "./programs.js";

/** What the network says of one mention's candidates, in their order, before anything is normalised. */
export interface MentionLogits {
  /** Match logits l. */
  readonly logits: readonly number[];
  /** h^e, [d] each. */
  readonly features: readonly Float32Array[];
}

export interface ScorerParts {
  readonly architecture: MmelArchitecture;
  /** Loaded with the model's weights; whoever made it closes it. */
  readonly engine: Engine;
  readonly reader: PairReader;
  /** Tokens of one batch, padding included. */
  readonly batchTokens?: number;
}

/** A model's raw outputs, which match scores and cascades are made of. */
export interface MmelScorer {
  /** `result[i][j]` belongs to mention j of caption i; no number depends on what else is in the call. */
  logits(captions: readonly CaptionCandidates[], signal?: AbortSignal): Promise<MentionLogits[][]>;
  /** S of every left feature with every right one: [left, right], row by row. */
  similarities(left: readonly Float32Array[], right: readonly Float32Array[]): Promise<Float64Array>;
}

/** Hidden values of S that may exist at once: 128 MiB of them. */
const MAX_HIDDEN = 1 << 25;

/** `NOT_A_NUMBER` when the network answers with NaN or infinity, `ENGINE`, `ABORTED`. */
export async function createScorer(parts: ScorerParts): Promise<MmelScorer> {
  const { architecture, engine } = parts;
  const { d } = architecture.head;
  await engine.define("scoring", scoringProgram(architecture));
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
      for (let at = 0; at < left.length && right.length > 0; at += rows) {
        const inputs = { left: stack(left.slice(at, at + rows), d), right: stack(right, d) };
        all.set(finite(await engine.run("similarity", inputs), "similarities"), at * right.length);
      }
      return all;
    },
  };
}

function regroup(
  captions: readonly CaptionCandidates[],
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

function stack(rows: readonly Float32Array[], d: number): Tensor {
  const data = new Float32Array(rows.length * d);
  rows.forEach((row, at) => {
    data.set(row, at * d);
  });
  return { data, shape: [rows.length, d] };
}

function finite(outputs: Tensors, name: string): Float32Array {
  const values = outputs[name]?.data as Float32Array;
  if (values.every(Number.isFinite)) return values;
  throw new MmelError("NOT_A_NUMBER", {
    what: `the model's ${name} are not all numbers`,
    expected: "finite values",
    hint: "an earlier checkpoint of the same training",
  });
}
