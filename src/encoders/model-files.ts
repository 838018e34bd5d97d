import { access, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import { MmelError } from "../core/index.js";
import {
  damaged,
  issuesOf,
  readHeader,
  type StoredTensor,
  type StoredTensors,
} from "../formats/safetensors/index.js";

/** Maximum size of a JSON file in a model folder, in bytes. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;

/** Maximum depth of a JSON file in a model folder. Code that reads the file by recursion would run out of stack. */
const MAX_DEPTH = 64;

/**
 * Reads a JSON object from a model folder. Throws `MODEL_NOT_FOUND` if the file cannot be read, and `MODEL_DAMAGED` if
 * it is too large or nested too deeply, or does not contain a JSON object.
 */
export async function readJson(file: string): Promise<object> {
  const text = await readText(file);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw damaged("the file is not JSON", file);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw damaged("the file is not a JSON object", file);
  if (isDeeperThan(json, MAX_DEPTH))
    throw damaged(`the file is nested deeper than ${MAX_DEPTH} levels`, file);
  return json;
}

/** Returns whether objects and arrays are nested in more than `levels` levels. */
function isDeeperThan(json: unknown, levels: number): boolean {
  if (typeof json !== "object" || json === null) return false;
  return levels === 0 || Object.values(json).some((value) => isDeeperThan(value, levels - 1));
}

async function readText(file: string): Promise<string> {
  let bytes: number;
  try {
    bytes = (await stat(file)).size;
    if (bytes <= MAX_JSON_BYTES) return await readFile(file, "utf8");
  } catch (cause) {
    throw new MmelError("MODEL_NOT_FOUND", {
      what: "the model file cannot be read",
      where: file,
      cause,
    });
  }
  throw damaged(`the file is too large: ${bytes} bytes`, file, `at most ${MAX_JSON_BYTES} bytes`);
}

export const WEIGHTS = "model.safetensors";
export const INDEX = "model.safetensors.index.json";

/**
 * Reads the headers of the weights in a Hugging Face folder: the header of `model.safetensors`, or the headers of the
 * shards listed in `model.safetensors.index.json`. Throws `MODEL_NOT_FOUND` if a shard is missing or the folder
 * contains neither of these two files, and `MODEL_DAMAGED` if a file is invalid or the shards do not match the index.
 */
export async function readFolderHeaders(folder: string): Promise<StoredTensors> {
  if (await exists(join(folder, WEIGHTS))) return readHeader(join(folder, WEIGHTS));
  if (await exists(join(folder, INDEX))) return readShardHeaders(folder);
  throw new MmelError("MODEL_NOT_FOUND", {
    what: "the folder contains no weights",
    where: folder,
    expected: `${WEIGHTS} or ${INDEX}`,
    hint: "Convert the model's weights to safetensors.",
  });
}

async function readShardHeaders(folder: string): Promise<StoredTensors> {
  const index = join(folder, INDEX);
  const shardOf = await readShardIndex(index);
  const tensors = new Map<string, StoredTensor>();
  for (const shard of new Set(shardOf.values())) {
    for (const tensor of (await readHeader(join(folder, shard))).values()) {
      if (shardOf.get(tensor.name) !== shard)
        throw damaged(`${shard} contains ${tensor.name}, which the index assigns to another shard`, index);
      tensors.set(tensor.name, tensor);
    }
  }
  const missing = [...shardOf.keys()].filter((name) => !tensors.has(name));
  if (missing.length > 0) throw damaged(`the shards do not contain ${missing.join(", ")}`, index);
  return tensors;
}

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/**
 * Reads the index of a model's shards. Returns a map from the name of each tensor to the file name of its shard. Throws
 * `MODEL_DAMAGED` if the index is malformed or a file name contains a folder, and the errors of `readJson`.
 */
export async function readShardIndex(index: string): Promise<ReadonlyMap<string, string>> {
  const parsed = indexSchema.safeParse(await readJson(index));
  if (!parsed.success) throw damaged(`the index is malformed (${issuesOf(parsed.error)})`, index);
  const shards = Object.values(parsed.data.weight_map);
  const outside = shards.find((shard) => !isPlainName(shard));
  if (outside !== undefined)
    throw damaged(
      `the shard ${JSON.stringify(outside)} is outside the folder`,
      index,
      "a file name without a folder",
    );
  return new Map(Object.entries(parsed.data.weight_map));
}

function isPlainName(path: string): boolean {
  return (
    path === basename(path) && !path.includes("\\") && !path.includes("\0") && !["", ".", ".."].includes(path)
  );
}

export function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
