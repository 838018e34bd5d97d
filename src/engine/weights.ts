import { type FileHandle, open } from "node:fs/promises";
import { MmelError, throwIfAborted } from "../core/index.js";
import { widenBfloat, widenHalf } from "../formats/safetensors/dtype.js";
import { allocate, type FlatTensors, globalNorm } from "../optim/index.js";
import type { Weight, WeightSource } from "./protocol.js";

/** All weights in one buffer, read straight into place. `MODEL_DAMAGED` for a short file or an element that is not finite. */
export async function readWeights(weights: readonly Weight[], signal: AbortSignal): Promise<FlatTensors> {
  const flat = allocate(new Map(weights.map(({ name, shape }) => [name, shape.reduce((a, b) => a * b, 1)])));
  const files = new Map<string, FileHandle>();
  try {
    for (const { name, source } of weights) {
      throwIfAborted(signal);
      const into = flat.views.get(name)!;
      if (source.kind === "data") copy(source.data, into, name);
      else await readFile(files, source, into, name);
      if (!Number.isFinite(globalNorm(into))) {
        const at = into.findIndex((element) => !Number.isFinite(element));
        throw damaged(name, `element ${at} is ${into[at]}`, "finite numbers");
      }
    }
  } finally {
    for (const file of files.values()) await file.close();
  }
  return flat;
}

function copy(data: Float32Array, into: Float32Array, name: string): void {
  if (data.length !== into.length) throw damaged(name, `${data.length} elements`, `${into.length}`);
  into.set(data);
}

type FileSource = Extract<WeightSource, { kind: "file" }>;

async function readFile(
  files: Map<string, FileHandle>,
  { path, offset, format }: FileSource,
  into: Float32Array,
  name: string,
): Promise<void> {
  const file = files.get(path) ?? (await opened(path));
  files.set(path, file);
  const bytes =
    format === "F32"
      ? new Uint8Array(into.buffer, into.byteOffset, into.byteLength)
      : new Uint8Array(into.length * 2);
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, offset + done);
    if (bytesRead === 0) throw damaged(name, `${path} ends ${bytes.length - done} bytes early`);
    done += bytesRead;
  }
  if (format !== "F32") (format === "F16" ? widenHalf : widenBfloat)(new Uint16Array(bytes.buffer), into);
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    const code = missing ? "FILE_NOT_FOUND" : "FILE_UNREADABLE";
    throw new MmelError(code, { what: "cannot read weights", where: path, cause });
  }
}

function damaged(name: string, what: string, expected?: string): MmelError {
  return new MmelError("MODEL_DAMAGED", { what, where: `weight "${name}"`, expected });
}
