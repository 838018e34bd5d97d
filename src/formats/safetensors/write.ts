import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { MmelError } from "../../core/index.js";
import { allBelow, ELEMENT_BYTES, narrowToHalf, quantiseRows, type StoredDtype } from "./dtypes.js";
import { divisorsOf, scalesOf } from "./read.js";

/** A tensor to write, in row-major order. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** For a matrix written as I8: the divisor of each column; see `StoredTensor`. Default: none. */
  readonly divisors?: Float32Array | undefined;
}

/** Element type of a written file. I8 stores matrices as int8 with one scale per row, and all other tensors as F32. */
export type WrittenDtype = "F32" | "F16" | "I8";

/** Number of 16-bit words to write at a time (1 MiB). */
const CHUNK = 1 << 19;

/**
 * Writes a safetensors file with the tensors sorted by name. Values are stored unchanged (F32) or rounded to nearest
 * (F16, I8). Replaces an old file only when the new file is complete on disk. Equal tensors produce equal bytes. Throws
 * `NOT_A_NUMBER` if a value is not finite or too large for `dtype`, `INTERNAL` if two tensors have the same name, and
 * `FILE_UNWRITABLE` if the file cannot be written.
 */
export async function writeTensors(
  file: string,
  tensors: readonly NamedTensor[],
  dtype: WrittenDtype = "F32",
): Promise<void> {
  const sorted = tensors.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  assertStorable(sorted, dtype, file);
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const handle = await open(temporary, "w");
    try {
      const parts = sorted.flatMap((tensor) => partsOf(tensor, dtype));
      await handle.writeFile(header(parts));
      for (const { values, dtype } of parts) await writeValues(handle, values, dtype);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new MmelError("FILE_UNWRITABLE", { what: "the weights cannot be written", where: file, cause });
  }
}

/** One entry of the file: a tensor, or the scales of an int8 matrix. */
interface Part {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: Exclude<StoredDtype, "BF16" | "I64">;
  readonly values: Float32Array | Int8Array;
}

function partsOf({ name, shape, values, divisors }: NamedTensor, dtype: WrittenDtype): Part[] {
  if (dtype !== "I8") return [{ name, shape, dtype, values }];
  const [rows, width, ...more] = shape;
  if (rows === undefined || width === undefined || more.length > 0)
    return [{ name, shape, dtype: "F32", values }];
  const scales = new Float32Array(rows);
  const words = new Int8Array(values.length);
  quantiseRows(values, scales, words, divisors);
  return [
    { name, shape, dtype: "I8", values: words },
    ...(divisors === undefined
      ? []
      : [{ name: divisorsOf(name), shape: [width], dtype: "F32" as const, values: divisors }]),
    { name: scalesOf(name), shape: [rows], dtype: "F32", values: scales },
  ];
}

/**
 * Returns the header: the length (8 bytes) and the JSON, padded with spaces so that the tensors begin at a multiple of
 * 8 bytes.
 */
function header(parts: readonly Part[]): Uint8Array {
  let at = 0;
  const entries = parts.map(({ name, shape, dtype, values }) => {
    const start = at;
    at += values.length * ELEMENT_BYTES[dtype];
    return [name, { dtype, shape, data_offsets: [start, at] }] as const;
  });
  const members = [["__metadata__", { format: "pt" }] as const, ...entries];
  const json = `{${members.map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`).join(",")}}`;
  const text = Buffer.from(json);
  const padded = Buffer.alloc(8 + Math.ceil(text.length / 8) * 8, " ");
  padded.writeBigUInt64LE(BigInt(padded.length - 8));
  text.copy(padded, 8);
  return padded;
}

async function writeValues(handle: FileHandle, values: Part["values"], dtype: Part["dtype"]): Promise<void> {
  if (values instanceof Int8Array || dtype !== "F16") return writeBytes(handle, values);
  const words = new Uint16Array(Math.min(CHUNK, values.length));
  for (let at = 0; at < values.length; at += CHUNK) {
    const part = values.subarray(at, at + CHUNK);
    narrowToHalf(part, words);
    await writeBytes(handle, words.subarray(0, part.length));
  }
}

function writeBytes(handle: FileHandle, { buffer, byteOffset, byteLength }: ArrayBufferView): Promise<void> {
  return handle.writeFile(new Uint8Array(buffer, byteOffset, byteLength));
}

/** For each element type, the smallest magnitude that rounds to infinity. */
const OVERFLOW = { F32: Number.POSITIVE_INFINITY, F16: 65520, I8: Number.POSITIVE_INFINITY } as const;

function assertStorable(tensors: readonly NamedTensor[], dtype: WrittenDtype, where: string): void {
  const repeated = tensors.find(({ name }, at) => tensors[at - 1]?.name === name);
  if (repeated !== undefined)
    throw new MmelError("INTERNAL", { what: `two tensors have the name ${repeated.name}`, where });
  const bad = tensors.filter(({ values }) => !allBelow(values, OVERFLOW[dtype]));
  if (bad.length > 0)
    throw new MmelError("NOT_A_NUMBER", {
      what: `values of ${bad.map(({ name }) => name).join(", ")} cannot be stored as ${dtype}`,
      where,
      expected: `finite values in the range of ${dtype}`,
    });
}
