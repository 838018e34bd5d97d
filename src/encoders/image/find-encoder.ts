import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { MmelError } from "../../core/index.js";
import { absent, type HubOptions, isHubName, openHub } from "../hub.js";
import { readJson } from "../json.js";

/** An image encoder that has been found but not loaded. */
export interface ImageEncoderFiles {
  /** What it was called: a bundled name, a hub name, or the folder's own name. */
  readonly id: string;
  /** 64 hexadecimal digits of SHA-256 over the files that decide its vectors. */
  readonly hash: string;
  /** Absolute. */
  readonly folder: string;
  readonly network: NetworkFile;
}

/** Which of a folder's ONNX files is the image encoder, as transformers.js names them. */
export interface NetworkFile {
  readonly name: "model" | "vision_model";
  readonly dtype: "fp32" | "q8";
}

const CONFIG = "config.json";
const PROCESSOR = "preprocessor_config.json";
const DTYPES = [
  ["fp32", ""],
  ["q8", "_quantized"],
] as const;

/** The same from `src/encoders/image/` and from `dist/encoders/image/`. */
const SHIPPED = fileURLToPath(new URL("../../../models/", import.meta.url));

/**
 * Finds an image encoder and hashes its files, without loading it: a bundled one by name; a folder in the layout of
 * transformers.js (`config.json`, `preprocessor_config.json`, `onnx/model.onnx`, or `onnx/vision_model.onnx` of a model
 * that reads text and pictures); or one of the hub, `ORGANISATION/NAME@COMMIT`, fetched into the cache.
 * `MODEL_NOT_FOUND`, `MODEL_DAMAGED`.
 */
export async function findImageEncoder(name: string, hub: HubOptions = {}): Promise<ImageEncoderFiles> {
  const folder = resolve(isHubName(name) ? await fetchEncoder(name, hub) : (bundledFolder(name) ?? name));
  if (!existsSync(join(folder, PROCESSOR))) throw notFound(name, PROCESSOR);
  const { network, file } = await findNetwork(folder, async (path) => existsSync(join(folder, path)), name);
  const files = [CONFIG, PROCESSOR, file, `${file}_data`].filter((path) => existsSync(join(folder, path)));
  return {
    id: isHubName(name) ? name : basename(folder),
    hash: await hashOf(folder, files),
    folder,
    network,
  };
}

/** Whether an image encoder of this name came with this installation. */
export const isBundledEncoder = (name: string): boolean => bundledFolder(name) !== undefined;

function bundledFolder(name: string): string | undefined {
  const folder = join(SHIPPED, name);
  return /^\w[\w.-]*$/.test(name) && existsSync(join(folder, PROCESSOR)) ? folder : undefined;
}

async function fetchEncoder(name: string, options: HubOptions): Promise<string> {
  const { folder, fetch } = await openHub(name, options);
  for (const path of [CONFIG, PROCESSOR]) if (!(await fetch(path))) throw absent(path, name);
  const { file } = await findNetwork(folder, fetch, name);
  await fetch(`${file}_data`);
  return folder;
}

/** The first of the files that may be the encoder's. */
async function findNetwork(
  folder: string,
  has: (path: string) => Promise<boolean>,
  name: string,
): Promise<{ network: NetworkFile; file: string }> {
  const twoTowers = "vision_config" in (await readJson(join(folder, CONFIG)));
  const names = twoTowers ? (["vision_model", "model"] as const) : (["model"] as const);
  for (const each of names)
    for (const [dtype, suffix] of DTYPES) {
      const file = `onnx/${each}${suffix}.onnx`;
      if (await has(file)) return { network: { name: each, dtype }, file };
    }
  throw notFound(name, `onnx/${names[0]}.onnx`);
}

async function hashOf(folder: string, files: readonly string[]): Promise<string> {
  const all = createHash("sha256");
  for (const file of files) {
    const hash = createHash("sha256");
    await pipeline(createReadStream(join(folder, file), { highWaterMark: 1 << 20 }), hash);
    all.update(`${file} ${hash.digest("hex")}\n`);
  }
  return all.digest("hex");
}

function notFound(name: string, file: string): MmelError {
  return new MmelError("MODEL_NOT_FOUND", {
    what: `no image encoder ${JSON.stringify(name)}: ${file} is missing`,
    expected: `a bundled name, a folder with ${CONFIG}, ${PROCESSOR} and onnx/, or ORGANISATION/NAME@COMMIT`,
  });
}
