import type { FileHandle } from "node:fs/promises";
import { MmelError } from "../../core/index.js";
import { allBelow, dequantiseRows, widenBfloat, widenHalf } from "./dtype.js";
import { damaged, openFile, readExactly, type StoredTensor, type StoredTensors } from "./header.js";

/** How the names in a file relate to the names a model uses. */
export interface TensorNaming {
  /** From the name in the file to the model's (default: the same). */
  readonly rename?: (stored: string) => string;
  /** Whether a tensor, by the model's name, may lie in the file unused (default: none may). */
  readonly unused?: (name: string) => boolean;
}

const CHUNK = 1 << 19; // words of 16 bits: 1 MiB

/** The shapes of the tensors that a model wants, by its own names. */
export type TensorShapes = ReadonlyMap<string, readonly number[]>;

/**
 * Finds each wanted tensor in the files; nothing is read or allocated yet. One `MODEL_DAMAGED` lists all that is
 * missing, unexpected, or of wrong shape or dtype.
 */
export function matchTensors(
  stored: StoredTensors,
  wanted: TensorShapes,
  naming: TensorNaming = {},
): StoredTensors {
  const { rename = (name) => name, unused = () => false } = naming;
  const matched = new Map<string, StoredTensor>();
  const problems: string[] = [];
  for (const tensor of stored.values()) {
    const name = rename(tensor.name);
    const shape = wanted.get(name);
    if (shape !== undefined) {
      if (matched.has(name)) problems.push(`${tensor.name} is there twice under different names`);
      matched.set(name, tensor);
      problems.push(...disagreements(tensor, shape));
    } else if (!unused(name)) problems.push(`unexpected ${tensor.name}`);
  }
  for (const name of wanted.keys()) if (!matched.has(name)) problems.push(`missing ${name}`);
  if (problems.length > 0)
    throw damaged(`the tensors do not fit the model: ${problems.join("; ")}`, filesOf(stored));
  return matched;
}

/**
 * Reads the tensors that `matchTensors` found into the places the model has for them. `MODEL_DAMAGED` when a file has become
 * shorter; `NOT_A_NUMBER` lists all tensors that hold NaN or infinity.
 */
export async function readTensors(
  matched: StoredTensors,
  place: (name: string) => Float32Array,
): Promise<void> {
  const handles = new Map<string, FileHandle>();
  const bad: string[] = [];
  try {
    for (const [name, tensor] of matched) {
      const handle = handles.get(tensor.file) ?? (await openFile(tensor.file));
      handles.set(tensor.file, handle);
      const values = place(name);
      await readTensor(handle, tensor, values);
      if (!allBelow(values, Number.POSITIVE_INFINITY)) bad.push(name);
    }
  } finally {
    for (const handle of handles.values()) await handle.close();
  }
  if (bad.length > 0)
    throw new MmelError("NOT_A_NUMBER", {
      what: `the weights hold NaN or infinity in ${bad.join(", ")}`,
      where: filesOf(matched),
      hint: "an earlier checkpoint of the same training",
    });
}

function disagreements({ name, dtype, shape }: StoredTensor, wanted: readonly number[]): string[] {
  const problems: string[] = [];
  if (dtype === "I64") problems.push(`${name} is I64, expected F32, F16, BF16 or I8`);
  if (shape.join() !== wanted.join())
    problems.push(`${name} has shape [${shape.join(", ")}], expected [${wanted.join(", ")}]`);
  return problems;
}

/**
 * Reads one tensor of an open file: F32 straight into its place, F16 and BF16 widened by the chunk, so that no second copy
 * of the weights exists; of I8 the words only. `MODEL_DAMAGED` when the file has become shorter.
 */
export async function readTensor(
  handle: FileHandle,
  tensor: StoredTensor,
  into: Float32Array,
): Promise<void> {
  const read = (view: ArrayBufferView, { offset, file }: StoredTensor): Promise<void> =>
    readExactly(handle, new Uint8Array(view.buffer, view.byteOffset, view.byteLength), offset, file);
  if (tensor.dtype === "F32") return read(into, tensor);
  if (tensor.scales !== undefined) {
    const scales = new Float32Array(tensor.scales.bytes / 4);
    const words = new Int8Array(into.length);
    await read(scales, tensor.scales);
    await read(words, tensor);
    return dequantiseRows(words, scales, into);
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

function filesOf(stored: StoredTensors): string {
  return [...new Set([...stored.values()].map(({ file }) => file))].join(", ");
}
