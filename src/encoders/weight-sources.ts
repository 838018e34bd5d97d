import type { Weight, WeightSource } from "../engine/index.js";
import type { StoredTensors } from "../formats/safetensors/index.js";

type Format = Extract<WeightSource, { kind: "file" }>["format"];

/** Matched tensors as an engine loads them, straight from their files; `prefix` goes before every name. */
export function weightSources(matched: StoredTensors, prefix = ""): Weight[] {
  return [...matched].map(([name, { shape, file, offset, dtype }]) => ({
    name: prefix + name,
    shape,
    source: { kind: "file", path: file, offset, format: dtype as Format }, // matching let no I64 through
  }));
}
