import { type FileHandle, open } from "node:fs/promises";
import { z } from "zod";
import { counted, MmelError } from "../../core/index.js";
import {
  allBelow,
  dequantiseRows,
  ELEMENT_BYTES,
  type StoredDtype,
  widenBfloat,
  widenHalf,
} from "./dtypes.js";

/** The location of one tensor: `bytes` bytes in `file`, starting at byte `offset`, row-major and little-endian. */
export interface StoredTensor {
  readonly name: string;
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
  /** For I8 only: the scale of each row, F32 [rows]. */
  readonly scales?: StoredTensor;
  /**
   * For I8 only, and not always present: the divisor of each column, F32 [columns]. An element is its word times the
   * scale of its row, divided by the divisor of its column.
   */
  readonly divisors?: StoredTensor;
}

/** The tensors of one weights file, or of all shards of a model, keyed by name. */
export type StoredTensors = ReadonlyMap<string, StoredTensor>;

const LENGTH_BYTES = 8;
const MAX_HEADER_BYTES = 64 * 1024 * 1024;

const size = z.int().nonnegative();
const entrySchema = z.strictObject({
  dtype: z.enum(Object.keys(ELEMENT_BYTES) as StoredDtype[]),
  shape: z.array(size).max(8),
  data_offsets: z.tuple([size, size]),
});

/**
 * Reads and checks the header of a safetensors file without reading any tensor. Throws `MODEL_NOT_FOUND` if the file
 * cannot be opened. Throws `MODEL_DAMAGED` if the header is invalid, if a byte after the header belongs to no tensor or
 * to several tensors, or if the length of a tensor differs from its number of elements times the element size.
 */
export async function readHeader(file: string): Promise<StoredTensors> {
  const handle = await openFile(file);
  try {
    const { size: fileBytes } = await handle.stat();
    const text = await readHeaderText(handle, file, fileBytes);
    const dataStart = LENGTH_BYTES + text.bytes;
    const tensors = parseEntries(text.json, file).map((tensor) => ({
      ...tensor,
      offset: tensor.offset + dataStart,
    }));
    assertContiguous(tensors, dataStart, fileBytes, file);
    return withScales(new Map(tensors.map((tensor) => [tensor.name, tensor])), file);
  } finally {
    await handle.close();
  }
}

/** Returns the name under which the scales of the int8 matrix `name` are stored. */
export const scalesOf = (name: string): string => `${name}.scales`;

/** Returns the name under which the divisors of the int8 matrix `name` are stored. */
export const divisorsOf = (name: string): string => `${name}.divisors`;

/** Attaches scales and divisors to each int8 matrix, and removes them from the list of tensors. */
function withScales(tensors: Map<string, StoredTensor>, file: string): StoredTensors {
  for (const [name, tensor] of [...tensors]) {
    if (tensor.dtype !== "I8") continue;
    const scales = tensors.get(scalesOf(name));
    if (tensor.shape.length !== 2 || scales?.dtype !== "F32" || scales.shape.join() !== `${tensor.shape[0]}`)
      throw damaged(
        `the I8 tensor ${name} is not a matrix with one scale per row`,
        file,
        `two dimensions, and the tensor ${scalesOf(name)} with type F32 and shape [${tensor.shape[0]}]`,
      );
    const divisors = tensors.get(divisorsOf(name));
    if (
      divisors !== undefined &&
      (divisors.dtype !== "F32" || divisors.shape.join() !== `${tensor.shape[1]}`)
    )
      throw damaged(
        `the tensor ${divisors.name} does not contain one divisor per column of ${name}`,
        file,
        `the type F32 and the shape [${tensor.shape[1]}]`,
      );
    tensors.set(name, { ...tensor, scales, ...(divisors !== undefined && { divisors }) });
    tensors.delete(scales.name);
    tensors.delete(divisorsOf(name));
  }
  return tensors;
}

/** Opens a model file for reading. Throws `MODEL_NOT_FOUND` if the file cannot be opened. */
export async function openFile(file: string): Promise<FileHandle> {
  try {
    return await open(file, "r");
  } catch (cause) {
    throw new MmelError("MODEL_NOT_FOUND", {
      what: "the model's weights cannot be opened",
      where: file,
      cause,
    });
  }
}

/** Fills `into` from byte `position` of the file. Throws `MODEL_DAMAGED` if the file ends too early. */
async function readExactly(
  handle: FileHandle,
  into: Uint8Array,
  position: number,
  file: string,
): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const length = Math.min(into.length - done, 1 << 30);
    const { bytesRead } = await handle.read(into, done, length, position + done);
    if (bytesRead === 0) throw damaged("the file ends too early", file, `${position + into.length} bytes`);
    done += bytesRead;
  }
}

/** Creates a `MODEL_DAMAGED` error for a model file. */
export function damaged(what: string, where: string, expected?: string): MmelError {
  const hint = "Copy or download the model again.";
  return new MmelError("MODEL_DAMAGED", { what, where, expected, hint });
}

async function readHeaderText(
  handle: FileHandle,
  file: string,
  fileBytes: number,
): Promise<{ json: string; bytes: number }> {
  const prefix = new Uint8Array(LENGTH_BYTES);
  await readExactly(handle, prefix, 0, file);
  const claimed = new DataView(prefix.buffer).getBigUint64(0, true);
  if (claimed > BigInt(MAX_HEADER_BYTES))
    throw damaged(`the header length is ${claimed} bytes`, file, `at most ${MAX_HEADER_BYTES} bytes`);
  const bytes = Number(claimed);
  if (bytes > fileBytes - LENGTH_BYTES)
    throw damaged(`the header length is ${bytes} bytes, but the file has only ${fileBytes}`, file);
  const header = new Uint8Array(bytes);
  await readExactly(handle, header, LENGTH_BYTES, file);
  try {
    return { json: new TextDecoder("utf-8", { fatal: true }).decode(header), bytes };
  } catch {
    throw damaged("the header is not UTF-8", file);
  }
}

function parseEntries(json: string, file: string): StoredTensor[] {
  let header: unknown;
  try {
    header = JSON.parse(json);
  } catch {
    throw damaged("the header is not JSON", file);
  }
  if (typeof header !== "object" || header === null || Array.isArray(header))
    throw damaged("the header is not a JSON object", file);
  const repeated = firstRepeated(topLevelKeys(json));
  if (repeated !== undefined) throw damaged(`the tensor ${repeated} is listed twice`, file);
  return Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(([name, entry]) => parseEntry(name, entry, file));
}

function parseEntry(name: string, entry: unknown, file: string): StoredTensor {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success)
    throw damaged(`the header entry of ${name} is invalid (${issuesOf(parsed.error)})`, file);
  const {
    dtype,
    shape,
    data_offsets: [start, end],
  } = parsed.data;
  const bytes = shape.reduce((product, length) => product * length, ELEMENT_BYTES[dtype]);
  if (end - start !== bytes)
    throw damaged(
      `${name} has ${end - start} bytes`,
      file,
      `${bytes} bytes for ${dtype} [${shape.join(", ")}]`,
    );
  return { name, dtype, shape, file, offset: start, bytes };
}

/** Returns all issues of a failed validation in one line, each with the path of the invalid value. */
export function issuesOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => [...path.map(String), message].join(": ")).join("; ");
}

function assertContiguous(tensors: StoredTensor[], start: number, fileBytes: number, file: string): void {
  let at = start;
  for (const { name, offset, bytes } of tensors.toSorted(
    (a, b) => a.offset - b.offset || a.bytes - b.bytes,
  )) {
    if (offset !== at)
      throw damaged(`${name} begins at byte ${offset}`, file, `byte ${at}, the end of the previous tensor`);
    at = offset + bytes;
    if (at > fileBytes)
      throw damaged(`${name} ends at byte ${at}, but the file has only ${fileBytes} bytes`, file);
  }
  if (at !== fileBytes) throw damaged(`${fileBytes - at} bytes follow the last tensor`, file);
}

/** Returns the keys of a JSON object, including repeated keys, which `JSON.parse` does not report. */
function topLevelKeys(json: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  let text: string | undefined;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:,]/g)) {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (token === ":" && depth === 1 && text !== undefined) keys.push(JSON.parse(text) as string);
    text = token[0] === '"' ? token : undefined;
  }
  return keys;
}

function firstRepeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

/** How the tensor names in a file correspond to the names that a model uses. */
export interface TensorNaming {
  /** Maps the name of a tensor in the file to the name that the model uses (default: unchanged). */
  readonly rename?: (stored: string) => string;
  /**
   * Returns whether the file may contain a tensor called `name` (after `rename`) although the model does not use the
   * tensor (default: no).
   */
  readonly unused?: (name: string) => boolean;
}

/** Number of 16-bit words to read at a time (1 MiB). */
const CHUNK = 1 << 19;

/** The shapes of the tensors that a model needs, keyed by the names that the model uses. */
export type TensorShapes = ReadonlyMap<string, readonly number[]>;

/**
 * Finds each wanted tensor in the files without reading or allocating anything. Throws `MODEL_DAMAGED` if the files do
 * not match the model. The error lists the first missing tensors, unexpected tensors, wrong shapes and wrong dtypes,
 * and counts the others.
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
      if (matched.has(name)) problems.push(`${name} is stored twice, under different names`);
      matched.set(name, tensor);
      problems.push(...disagreements(tensor, shape));
    } else if (!unused(name)) problems.push(`unexpected ${tensor.name}`);
  }
  for (const name of wanted.keys()) if (!matched.has(name)) problems.push(`missing ${name}`);
  if (problems.length > 0) {
    const others = problems.length - MAX_PROBLEMS;
    const listed = problems.slice(0, MAX_PROBLEMS).join("; ");
    const more = others > 0 ? `; and ${counted(others, "other problem")}` : "";
    throw damaged(`the tensors do not match the model: ${listed}${more}`, filesOf(stored));
  }
  return matched;
}

/** Maximum number of problems that an error lists. */
const MAX_PROBLEMS = 6;

/**
 * Reads the tensors that `matchTensors` found into the arrays that `place` returns. Throws `MODEL_NOT_FOUND` if a file
 * can no longer be opened, `MODEL_DAMAGED` if a file has become shorter, and `NOT_A_NUMBER` if tensors contain NaN or
 * infinity.
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
      what: `the weights contain NaN or infinity in ${bad.join(", ")}`,
      where: filesOf(matched),
      hint: "Use another model, or train this model again.",
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
 * Reads one tensor from an open file into `into`. F16 and BF16 values are widened chunk by chunk, to avoid a second
 * copy of the weights. Throws `MODEL_DAMAGED` if the file has become shorter.
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
    return dequantiseRows(words, scales, into, await readDivisors(handle, tensor));
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

/**
 * Reads the divisors of an int8 matrix from an open file; undefined if it has none. Throws `MODEL_DAMAGED` if a divisor
 * is not a positive number or the file has become shorter.
 */
export async function readDivisors(
  handle: FileHandle,
  { divisors }: StoredTensor,
): Promise<Float32Array | undefined> {
  if (divisors === undefined) return undefined;
  const values = new Float32Array(divisors.bytes / 4);
  await readExactly(handle, new Uint8Array(values.buffer), divisors.offset, divisors.file);
  const bad = values.find((value) => !(value > 0 && Number.isFinite(value)));
  if (bad === undefined) return values;
  throw damaged(`${divisors.name} contains ${bad}`, divisors.file, "positive numbers");
}

function filesOf(stored: StoredTensors): string {
  return [...new Set([...stored.values()].map(({ file }) => file))].join(", ");
}
