import type { FileHandle } from "node:fs/promises";
import { MmelError } from "../../core/index.js";
import { allBelow, widenBfloat, widenHalf } from "./dtype.js";
import { damaged, openFile, readExactly, type StoredTensor, type StoredTensors } from "./header.js";

/** A tensor that a model wants: its name, its shape, and the stretch of the model's flat buffer it belongs in. */
export interface TensorTarget {
  readonly name: string;
  readonly shape: readonly number[];
  readonly into: Float32Array;
}

/** How the names in a file relate to the names a model uses. */
export interface TensorNaming {
  /** From the name in the file to the model's (default: the same). */
  readonly rename?: (stored: string) => string;
  /** Whether a tensor, by the model's name, may lie in the file unused (default: none may). */
  readonly unused?: (name: string) => boolean;
}

const CHUNK = 1 << 19; // words of 16 bits: 1 MiB

/**
 * Fills every target: F32 straight from the file into the target, F16 and BF16 widened by the chunk, so that no second
 * copy of the weights exists. One `MODEL_DAMAGED` lists all that is missing, unexpected, or of wrong shape or dtype;
 * `NOT_A_NUMBER` lists all tensors that hold NaN or infinity.
 */
export async function readTensors(
  stored: StoredTensors,
  targets: readonly TensorTarget[],
  naming: TensorNaming = {},
): Promise<void> {
  const pairs = matchTensors(stored, targets, naming);
  const handles = new Map<string, FileHandle>();
  try {
    for (const { tensor, target } of pairs) {
      const handle = handles.get(tensor.file) ?? (await openFile(tensor.file));
      handles.set(tensor.file, handle);
      await readTensor(handle, tensor, target.into);
    }
  } finally {
    for (const handle of handles.values()) await handle.close();
  }
  assertFinite(targets, pairs[0]?.tensor.file);
}

interface Matched {
  readonly tensor: StoredTensor;
  readonly target: TensorTarget;
}

function matchTensors(
  stored: StoredTensors,
  targets: readonly TensorTarget[],
  { rename = (name) => name, unused = () => false }: TensorNaming,
): Matched[] {
  const wanted = new Map(targets.map((target) => [target.name, target]));
  const problems: string[] = [];
  const matched = new Map<string, Matched>();
  for (const tensor of stored.values()) {
    const name = rename(tensor.name);
    const target = wanted.get(name);
    if (target === undefined) {
      if (!unused(name)) problems.push(`unexpected ${tensor.name}`);
      continue;
    }
    if (matched.has(name)) problems.push(`${tensor.name} is there twice under different names`);
    matched.set(name, { tensor, target });
    problems.push(...disagreements(tensor, target));
  }
  for (const { name } of targets) if (!matched.has(name)) problems.push(`missing ${name}`);
  if (problems.length > 0)
    throw damaged(`the tensors do not fit the model: ${problems.join("; ")}`, fileOf(stored));
  return [...matched.values()];
}

function disagreements({ name, dtype, shape }: StoredTensor, target: TensorTarget): string[] {
  const problems: string[] = [];
  if (dtype === "I64") problems.push(`${name} is I64, expected F32, F16 or BF16`);
  if (shape.join() !== target.shape.join())
    problems.push(`${name} has shape [${shape.join(", ")}], expected [${target.shape.join(", ")}]`);
  return problems;
}

async function readTensor(handle: FileHandle, tensor: StoredTensor, into: Float32Array): Promise<void> {
  if (tensor.dtype === "F32") {
    const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
    return readExactly(handle, bytes, tensor.offset, tensor.file);
  }
  const widen = tensor.dtype === "F16" ? widenHalf : widenBfloat;
  const words = new Uint16Array(Math.min(CHUNK, into.length));
  for (let at = 0; at < into.length; at += CHUNK) {
    const part = words.subarray(0, Math.min(CHUNK, into.length - at));
    await readExactly(
      handle,
      new Uint8Array(part.buffer, 0, part.byteLength),
      tensor.offset + at * 2,
      tensor.file,
    );
    widen(part, into.subarray(at, at + part.length));
  }
}

function assertFinite(targets: readonly TensorTarget[], file: string | undefined): void {
  const bad = targets.filter(({ into }) => !allBelow(into, Number.POSITIVE_INFINITY)).map(({ name }) => name);
  if (bad.length > 0)
    throw new MmelError("NOT_A_NUMBER", {
      what: `the weights hold NaN or infinity in ${bad.join(", ")}`,
      where: file,
      hint: "an earlier checkpoint of the same training",
    });
}

function fileOf(stored: StoredTensors): string {
  return [...new Set([...stored.values()].map(({ file }) => file))].join(", ");
}
