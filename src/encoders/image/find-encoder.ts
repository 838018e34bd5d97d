import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { MmelError } from "../../core/index.js";
import { type HubOptions, isHubName, missingFile, openHub } from "../hub.js";
import { readJson } from "../model-files.js";

/** An image encoder whose files have been found but not loaded. */
export interface ImageEncoderFiles {
  /** Name of the encoder: its name on the hub if it comes from the hub, otherwise the name of its folder. */
  readonly id: string;
  /** SHA-256 of the files that determine the encoder's vectors, as 64 hexadecimal digits. */
  readonly hash: string;
  /** Absolute path of the encoder's folder. */
  readonly folder: string;
  /** Path of the ONNX file within the folder. */
  readonly network: string;
}

const CONFIG = "config.json";
export const PROCESSOR = "preprocessor_config.json";

/**
 * Folder of the bundled models. The relative path is the same from `src/encoders/image/` and `dist/encoders/image/`.
 */
const SHIPPED = fileURLToPath(new URL("../../../models/", import.meta.url));

/**
 * Finds an image encoder and hashes its files without loading it. `name` is one of:
 * - the name of a bundled encoder;
 * - a folder in the layout of transformers.js: `config.json`, `preprocessor_config.json`, and `onnx/model.onnx` (or
 *   `onnx/vision_model.onnx` for models of text and images; or the `_quantized` variant of either);
 * - `ORGANISATION/NAME@COMMIT`, an encoder on the hub, which is downloaded to the cache.
 *
 * Throws `MODEL_NOT_FOUND` if a file is missing or the hub is unreachable, and `MODEL_DAMAGED` if `config.json` is not
 * a JSON object.
 */
export async function findImageEncoder(name: string, hub: HubOptions = {}): Promise<ImageEncoderFiles> {
  const folder = resolve(isHubName(name) ? await fetchEncoder(name, hub) : (bundledFolder(name) ?? name));
  if (!existsSync(join(folder, PROCESSOR))) throw notFound(name, PROCESSOR);
  const network = await findNetwork(folder, async (path) => existsSync(join(folder, path)), name);
  const files = [CONFIG, PROCESSOR, network, `${network}_data`].filter((path) =>
    existsSync(join(folder, path)),
  );
  return {
    id: isHubName(name) ? name : basename(folder),
    hash: await hashOf(folder, files),
    folder,
    network,
  };
}

/** Returns whether an image encoder of this name is bundled. */
export const isBundledEncoder = (name: string): boolean => bundledFolder(name) !== undefined;

function bundledFolder(name: string): string | undefined {
  const folder = join(SHIPPED, name);
  return /^\w[\w.-]*$/.test(name) && existsSync(join(folder, PROCESSOR)) ? folder : undefined;
}

async function fetchEncoder(name: string, options: HubOptions): Promise<string> {
  const { folder, fetch } = await openHub(name, options);
  for (const path of [CONFIG, PROCESSOR]) if (!(await fetch(path))) throw missingFile(path, name);
  const network = await findNetwork(folder, fetch, name);
  await fetch(`${network}_data`);
  return folder;
}

/** Returns the path of the image encoder's ONNX file: the first of the possible files that exists. */
async function findNetwork(
  folder: string,
  hasFile: (path: string) => Promise<boolean>,
  name: string,
): Promise<string> {
  const twoTowers = "vision_config" in (await readJson(join(folder, CONFIG)));
  const names = twoTowers ? ["vision_model", "model"] : ["model"];
  for (const network of names)
    for (const suffix of ["", "_quantized"]) {
      const file = `onnx/${network}${suffix}.onnx`;
      if (await hasFile(file)) return file;
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
    what: `there is no image encoder ${JSON.stringify(name)}: ${file} is missing`,
    expected: `the name of a bundled encoder, a folder with ${CONFIG}, ${PROCESSOR} and onnx/, or ORGANISATION/NAME@COMMIT`,
  });
}
