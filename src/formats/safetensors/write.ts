import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { MmelError } from "../../core/index.js";
import { allBelow, ELEMENT_BYTES, narrowToHalf } from "./dtype.js";

/** A tensor to store, row-major. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export type WrittenDtype = "F32" | "F16";

const CHUNK = 1 << 19; // words of 16 bits: 1 MiB

/**
 * Writes a safetensors file: tensors in order of name, as they are (F32) or rounded to nearest even (F16). Atomic: the
 * old file stays until the new one is complete on disk. The same tensors give the same bytes. `NOT_A_NUMBER` when a
 * value is not finite or leaves the range of F16; `FILE_UNWRITABLE`.
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
      await handle.writeFile(header(sorted, dtype));
      for (const { values } of sorted) await writeValues(handle, values, dtype);
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

/** Length (8 bytes) and JSON, padded with spaces so that the tensors begin at a multiple of 8. */
function header(tensors: readonly NamedTensor[], dtype: WrittenDtype): Uint8Array {
  let at = 0;
  const entries = tensors.map(({ name, shape, values }) => {
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

async function writeValues(handle: FileHandle, values: Float32Array, dtype: WrittenDtype): Promise<void> {
  if (dtype === "F32") return writeBytes(handle, values);
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

/** The smallest magnitude that rounds to infinity. */
const OVERFLOW = { F32: Number.POSITIVE_INFINITY, F16: 65520 } as const;

function assertStorable(tensors: readonly NamedTensor[], dtype: WrittenDtype, where: string): void {
  const repeated = tensors.find(({ name }, at) => tensors[at - 1]?.name === name);
  if (repeated !== undefined)
    throw new MmelError("INTERNAL", { what: `two tensors are called ${repeated.name}`, where });
  const bad = tensors.filter(({ values }) => !allBelow(values, OVERFLOW[dtype]));
  if (bad.length > 0)
    throw new MmelError("NOT_A_NUMBER", {
      what: `values of ${bad.map(({ name }) => name).join(", ")} cannot be stored as ${dtype}`,
      where,
      expected: "finite values in its range",
    });
}
