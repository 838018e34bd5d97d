import { type InputTokens, parseEncoderConfig } from "../../../src/encoders/index.js";
import type { BaselineName } from "../../../src/models/baselines/table.js";
import {
  type MmelArchitecture,
  mmelConfigSchema,
  type Pass,
  passesOf,
} from "../../../src/models/mmel/config.js";
import type { ImageVectors, PairInput } from "../../../src/models/mmel/inputs.js";
import type { GroupShape } from "../../../src/models/mmel/loss.js";
import type { Tensors, Weight } from "../../../src/tensor/engine/index.js";
import { framed, readSafetensors, rows, type Stored } from "../mmel/reference.js";

/** What test/reference/baselines.py computed for one baseline. */
export interface Reference {
  readonly model: MmelArchitecture;
  readonly group: GroupShape;
  readonly weights: readonly Weight[];
  readonly gradients: ReadonlyMap<string, Float32Array>;
  /** In the order of captions, mentions and candidates. */
  readonly pairs: readonly PairInput[];
  /** A number for the caption of each mention, equal for copies of a caption. */
  readonly captions: Float32Array;
  readonly match: Float32Array;
  readonly loss: number;
}

const folder = new URL("../../reference/baselines/", import.meta.url);

export function readReference(name: BaselineName): Reference {
  const { tensors, metadata } = readSafetensors(new URL(`${name}.safetensors`, folder));
  const encoder = readSafetensors(new URL("encoder.safetensors", folder));
  const row = JSON.parse(metadata.row!);
  const { d, heads, imageWidth, imageViews } = row;
  const head = mmelConfigSchema.parse({ variant: name, d, heads, imageWidth, imageViews });
  const stored = (key: string): Stored => tensors.get(key)!;
  const isWeight = (key: string): boolean => !/^(?:input|gradient)\/|^(?:loss|match)$/.test(key);
  return {
    model: { encoder: parseEncoderConfig(JSON.parse(encoder.metadata.bert!), name), head },
    group: { groups: row.groups, mentions: row.mentions, candidates: row.candidates },
    weights: [...encoder.tensors, ...tensors].flatMap(([key, { shape, data }]) =>
      isWeight(key) ? [{ name: key, shape, source: { kind: "data", data } } as const] : [],
    ),
    gradients: new Map(
      [...tensors].flatMap(([key, { data }]) =>
        key.startsWith("gradient/") ? [[key.slice("gradient/".length), data]] : [],
      ),
    ),
    pairs: pairsOf((key) => stored(`input/${key}`), passesOf(head), row.candidates),
    captions: stored("input/captions").data,
    match: stored("match").data,
    loss: stored("loss").data[0]!,
  };
}

function pairsOf(stored: (key: string) => Stored, passes: readonly Pass[], candidates: number): PairInput[] {
  const tokens = (key: string, row: number): number[] => [...rows(stored(key))[row]!].filter((id) => id >= 0);
  const image = (key: string, row: number): ImageVectors => {
    const present = rows(stored(key))[row]!.filter((value) => !Number.isNaN(value));
    return present.length > 0 ? present : undefined;
  };
  return [...stored("keys").data.keys()].map((pair) => {
    const mention = Math.floor(pair / candidates);
    const read = (pass: Pass): InputTokens => {
      if (pass === "pair") return framed(tokens("context", mention), tokens("entity", pair));
      if (pass === "entity" || pass === "name") return framed([], tokens(pass, pair));
      return framed(tokens(pass, mention), []);
    };
    return {
      tokens: Object.fromEntries(passes.map((pass) => [pass, read(pass)])),
      images: { context: image("contextImages", mention), entity: image("entityImages", pair) },
      key: `${stored("keys").data[pair]}`,
    };
  });
}

/** The inputs of the losses within a batch, as `packGroups` gives them. */
export const numbered = (name: string, keys: readonly unknown[]): Tensors => ({
  [name]: { data: BigInt64Array.from(keys, (key) => BigInt(keys.indexOf(key))), shape: [keys.length] },
  [`${name}.first`]: {
    data: Uint8Array.from(keys, (key, at) => Number(keys.indexOf(key) === at)),
    shape: [keys.length],
  },
});
