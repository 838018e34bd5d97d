import type { FileHandle } from "node:fs/promises";
import { MmelError, throwIfAborted } from "../../core/index.js";
import { openFile, readTensor, type StoredTensor } from "../../formats/safetensors/index.js";
import { allocate, type FlatTensors, globalNorm } from "../optim.js";
import type { Weight } from "./protocol.js";

/**
 * Reads all weights into one buffer. Throws `MODEL_NOT_FOUND` if a file cannot be opened. Throws `MODEL_DAMAGED` if a
 * file is too short, if a weight passed in memory has the wrong size, or if an element is not finite.
 */
export async function loadWeights(weights: readonly Weight[], signal: AbortSignal): Promise<FlatTensors> {
  const flat = allocate(new Map(weights.map(({ name, shape }) => [name, shape.reduce((a, b) => a * b, 1)])));
  const files = new Map<string, FileHandle>();
  try {
    for (const { name, source } of weights) {
      throwIfAborted(signal);
      const into = flat.views.get(name)!;
      if (source.kind === "data") copy(source.data, into, name);
      else await readFile(files, source.tensor, into);
      if (!Number.isFinite(globalNorm(into))) {
        const index = into.findIndex((element) => !Number.isFinite(element));
        throw damaged(name, `element ${index} is ${into[index]}`, "finite numbers");
      }
    }
  } finally {
    for (const file of files.values()) await file.close();
  }
  return flat;
}

function copy(data: Float32Array, into: Float32Array, name: string): void {
  if (data.length !== into.length)
    throw damaged(name, `the weight has ${data.length} elements`, `${into.length} elements`);
  into.set(data);
}

async function readFile(
  files: Map<string, FileHandle>,
  tensor: StoredTensor,
  into: Float32Array,
): Promise<void> {
  const file = files.get(tensor.file) ?? (await openFile(tensor.file));
  files.set(tensor.file, file);
  await readTensor(file, tensor, into);
}

function damaged(name: string, what: string, expected?: string): MmelError {
  return new MmelError("MODEL_DAMAGED", { what, where: `weight "${name}"`, expected });
}
