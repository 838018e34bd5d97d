import { access } from "node:fs/promises";
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
import { readJson } from "./json.js";

export const WEIGHTS = "model.safetensors";
export const INDEX = "model.safetensors.index.json";

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/**
 * The tensors of a Hugging Face folder: of `model.safetensors`, or of the shards that `model.safetensors.index.json`
 * names. Nothing but headers is read. `MODEL_NOT_FOUND`, `MODEL_DAMAGED`.
 */
export async function readFolderHeaders(folder: string): Promise<StoredTensors> {
  if (await exists(join(folder, WEIGHTS))) return readHeader(join(folder, WEIGHTS));
  if (await exists(join(folder, INDEX))) return readShardHeaders(folder);
  throw new MmelError("MODEL_NOT_FOUND", {
    what: "the folder has no weights",
    where: folder,
    expected: `${WEIGHTS} or ${INDEX}`,
    hint: "converting the model to safetensors",
  });
}

async function readShardHeaders(folder: string): Promise<StoredTensors> {
  const index = join(folder, INDEX);
  const shardOf = await readShardIndex(index);
  const tensors = new Map<string, StoredTensor>();
  for (const shard of new Set(shardOf.values())) {
    for (const tensor of (await readHeader(join(folder, shard))).values()) {
      if (shardOf.get(tensor.name) !== shard)
        throw damaged(`${shard} holds ${tensor.name}, which the index puts elsewhere`, index);
      tensors.set(tensor.name, tensor);
    }
  }
  const absent = [...shardOf.keys()].filter((name) => !tensors.has(name));
  if (absent.length > 0) throw damaged(`the shards lack ${absent.join(", ")}`, index);
  return tensors;
}

/** Tensor name -> shard. Every shard is a plain file name. */
export async function readShardIndex(index: string): Promise<ReadonlyMap<string, string>> {
  const parsed = indexSchema.safeParse(await readJson(index));
  if (!parsed.success) throw damaged(`the index is malformed (${issuesOf(parsed.error)})`, index);
  const shards = Object.values(parsed.data.weight_map);
  const outside = shards.find((shard) => !isPlainName(shard));
  if (outside !== undefined)
    throw damaged(`the shard ${JSON.stringify(outside)} lies outside the folder`, index, "a plain file name");
  return new Map(Object.entries(parsed.data.weight_map));
}

function isPlainName(path: string): boolean {
  return (
    path === basename(path) && !path.includes("\\") && !path.includes("\0") && !["", ".", ".."].includes(path)
  );
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
