import { type FileHandle, open } from "node:fs/promises";
import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { ELEMENT_BYTES, type StoredDtype } from "./dtype.js";

/** Where one tensor lies: `bytes` bytes of `file` from byte `offset` on, row-major, little-endian. */
export interface StoredTensor {
  readonly name: string;
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
  /** Of I8: what each row is to be multiplied by, F32 [rows]. */
  readonly scales?: StoredTensor;
}

/** The tensors of one weights file, or of all shards together, by name. */
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
 * Reads and checks the header of a safetensors file; no tensor is read. Every byte after the header belongs to exactly
 * one tensor, and every tensor's length is its shape times its element size, or the file is refused.
 * `MODEL_NOT_FOUND`, `MODEL_DAMAGED`.
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

/** The name under which the scales of an int8 matrix are stored. */
export const scalesOf = (name: string): string => `${name}.scales`;

/** Each int8 matrix together with its scales, which are no tensors of their own. */
function withScales(tensors: Map<string, StoredTensor>, file: string): StoredTensors {
  for (const [name, tensor] of [...tensors]) {
    if (tensor.dtype !== "I8") continue;
    const scales = tensors.get(scalesOf(name));
    if (tensor.shape.length !== 2 || scales?.dtype !== "F32" || scales.shape.join() !== `${tensor.shape[0]}`)
      throw damaged(`${name} is I8`, file, `two dimensions, and ${scalesOf(name)}, F32 [${tensor.shape[0]}]`);
    tensors.set(name, { ...tensor, scales });
    tensors.delete(scales.name);
  }
  return tensors;
}

/** Opens a model's file for reading. `MODEL_NOT_FOUND` when it does not exist. */
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

/** Fills `into` from byte `position` of the file. `MODEL_DAMAGED` when the file ends before. */
export async function readExactly(
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

export function damaged(what: string, where: string, expected?: string): MmelError {
  const hint = "copying or downloading the model again";
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
    throw damaged(`the header claims ${claimed} bytes`, file, `at most ${MAX_HEADER_BYTES}`);
  const bytes = Number(claimed);
  if (bytes > fileBytes - LENGTH_BYTES)
    throw damaged(`the header claims ${bytes} bytes of a file of ${fileBytes}`, file);
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
    throw damaged("the header is not an object", file);
  const repeated = firstRepeated(topLevelKeys(json));
  if (repeated !== undefined) throw damaged(`the tensor ${repeated} is listed twice`, file);
  return Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(([name, entry]) => parseEntry(name, entry, file));
}

function parseEntry(name: string, entry: unknown, file: string): StoredTensor {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success)
    throw damaged(`the header describes ${name} wrongly (${issuesOf(parsed.error)})`, file);
  const {
    dtype,
    shape,
    data_offsets: [start, end],
  } = parsed.data;
  const bytes = shape.reduce((product, length) => product * length, ELEMENT_BYTES[dtype]);
  if (end - start !== bytes)
    throw damaged(
      `${name} is given ${end - start} bytes`,
      file,
      `${bytes} for ${dtype} [${shape.join(", ")}]`,
    );
  return { name, dtype, shape, file, offset: start, bytes };
}

/** The complaints of a schema in one line, each with the path of the value it is about. */
export function issuesOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => [...path.map(String), message].join(": ")).join("; ");
}

function assertContiguous(tensors: StoredTensor[], start: number, fileBytes: number, file: string): void {
  let at = start;
  for (const { name, offset, bytes } of tensors.toSorted(
    (a, b) => a.offset - b.offset || a.bytes - b.bytes,
  )) {
    if (offset !== at)
      throw damaged(`${name} begins at byte ${offset}`, file, `byte ${at}, where the one before ends`);
    at = offset + bytes;
    if (at > fileBytes) throw damaged(`${name} ends at byte ${at} of a file of ${fileBytes}`, file);
  }
  if (at !== fileBytes) throw damaged(`${fileBytes - at} bytes after the last tensor belong to none`, file);
}

/** The keys of a JSON object as written, repeats included: `JSON.parse` would keep the last of each silently. */
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
