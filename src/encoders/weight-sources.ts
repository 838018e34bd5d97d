import type { StoredTensors } from "../formats/safetensors/index.js";
import type { Weight } from "../tensor/engine/index.js";

/** Matched tensors as an engine loads them, straight from their files; `prefix` goes before every name. */
export function weightSources(matched: StoredTensors, prefix = ""): Weight[] {
  return [...matched].map(([name, tensor]) => ({
    name: prefix + name,
    shape: tensor.shape,
    source: { kind: "file", tensor },
  }));
}
