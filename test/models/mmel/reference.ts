import { readFileSync } from "node:fs";
import { type InputTokens, parseEncoderConfig } from "../../../src/encoders/index.js";
import {
  type MmelArchitecture,
  type MmelConfig,
  mmelConfigSchema,
  variantOf,
} from "../../../src/models/mmel/config.js";
import { type ImageVectors, type PairInput, pairInputs } from "../../../src/models/mmel/inputs.js";
import type { GroupShape, LossWeights } from "../../../src/models/mmel/loss.js";
import type { Tensors, Weight } from "../../../src/tensor/engine/index.js";

export interface Stored {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What test/reference/mmel.py computed for one variant. */
export interface Reference {
  readonly variant: string;
  readonly margin: number;
  /** Factors of the two losses; 1 each if undefined. */
  readonly lossWeights: LossWeights | undefined;
  readonly weights: readonly Weight[];
  readonly gradients: ReadonlyMap<string, Float32Array>;
  readonly model: MmelArchitecture;
  readonly group: GroupShape;
  readonly pairs: readonly PairInput[];
  readonly loss: number;
  readonly match: Float32Array;
  readonly features: Float32Array;
  readonly similarities: Float32Array;
}

/** References of configurations that are not variants of the paper, and their variants. */
export const CONFIGURED = {
  "MMEL-views": "MMEL",
  "MMEL-onlytext-plain": "MMEL-onlytext",
  "MMEL-onlytext-weights": "MMEL-onlytext",
} as const;

export function readReference(variant: string, loss: "paper" | "listwise"): Reference {
  const name = variant.replace(/^-/, "").replace("&", "");
  const { tensors, metadata } = readSafetensors(
    new URL(`../../reference/mmel/${name}.safetensors`, import.meta.url),
  );
  const row = JSON.parse(metadata.row!);
  const head = mmelConfigSchema.parse({
    variant: Object.hasOwn(CONFIGURED, variant) ? CONFIGURED[variant as keyof typeof CONFIGURED] : variant,
    d: row.d,
    heads: row.heads,
    jointLayers: row.jointLayers,
    mEncoderLayers: row.mEncoderLayers,
    projectionNorm: row.projectionNorm,
    imageWidth: row.imageWidth,
    imageViews: row.imageViews,
    loss,
  });
  const stored = (name: string): Stored => tensors.get(`${loss}/${name}`)!;
  const prefix = `${loss}/gradient/`;
  return {
    variant,
    margin: row.margin,
    lossWeights: row.lossWeights,
    model: { encoder: parseEncoderConfig(JSON.parse(metadata.bert!), name), head },
    weights: [...tensors]
      .filter(([key]) => !key.includes("/"))
      .map(([key, { shape, data }]) => ({ name: key, shape, source: { kind: "data", data } })),
    gradients: new Map(
      [...tensors].flatMap(([key, { data }]) =>
        key.startsWith(prefix) ? [[key.slice(prefix.length), data]] : [],
      ),
    ),
    group: { groups: row.groups, mentions: row.mentions, candidates: loss === "paper" ? 2 : 3 },
    pairs: readPairs(stored, head),
    loss: stored("loss").data[0]!,
    match: stored("match").data,
    features: stored("features").data,
    similarities: stored("similarities").data,
  };
}

/** The inputs of all pairs, with every pass padded to `length`. */
export const inputsOf = ({ pairs, model }: Reference, length: number): Tensors =>
  pairInputs(pairs, model.head, [length]);

function readPairs(stored: (name: string) => Stored, head: MmelConfig): PairInput[] {
  const tokens = (side: string): number[][] =>
    rows(stored(side)).map((row) => [...row].filter((id) => id >= 0));
  const images = (side: string): ImageVectors[] =>
    rows(stored(side)).map((row) => {
      const present = row.filter((value) => !Number.isNaN(value));
      return present.length > 0 ? present : undefined;
    });
  const [context, entity] = [tokens("context"), tokens("entity")];
  const [contextImages, entityImages] = [images("contextImages"), images("entityImages")];
  return context.map((c, at) => ({
    tokens: variantOf(head).jointText
      ? { pair: framed(c, entity[at]!) }
      : { context: framed(c, []), entity: framed([], entity[at]!) },
    images: { context: contextImages[at], entity: entityImages[at] },
  }));
}

/** [CLS] context [SEP] entity [SEP], or one of them alone. */
export function framed(context: number[], entity: number[]): InputTokens {
  const both = context.length > 0 && entity.length > 0;
  const ids = [1, ...context, ...(both ? [2] : []), ...entity, 2];
  const start = 1 + context.length + (both ? 1 : 0);
  return {
    ids: Int32Array.from(ids),
    secondFrom: both ? start : ids.length,
    context: { start: 1, end: 1 + context.length },
    entity: { start, end: start + entity.length },
  };
}

export function rows({ shape, data }: Stored): Float32Array[] {
  const width = data.length / shape[0]!;
  return Array.from({ length: shape[0]! }, (_, at) => data.subarray(at * width, (at + 1) * width));
}

export function readSafetensors(file: URL): {
  tensors: Map<string, Stored>;
  metadata: Record<string, string>;
} {
  const bytes = readFileSync(file);
  const start = 8 + Number(bytes.readBigUInt64LE());
  const { __metadata__: metadata, ...entries } = JSON.parse(bytes.toString("utf8", 8, start));
  const tensors = new Map<string, Stored>();
  for (const [name, { shape, data_offsets }] of Object.entries<{
    shape: number[];
    data_offsets: [number, number];
  }>(entries)) {
    const [from, to] = data_offsets;
    tensors.set(name, {
      shape,
      data: new Float32Array(Uint8Array.from(bytes.subarray(start + from, start + to)).buffer),
    });
  }
  return { tensors, metadata };
}
