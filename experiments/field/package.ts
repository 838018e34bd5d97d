import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { readCaptions, readEntities } from "../../src/formats/index.js";
import type { createLinker, importKb } from "../../src/linker/index.js";
import type { loadModel } from "../../src/models/registry.js";

/** The functions of one build of MMEL that a measurement uses. */
export interface Mmel {
  readonly importKb: typeof importKb;
  readonly createLinker: typeof createLinker;
  readonly readCaptions: typeof readCaptions;
  readonly readEntities: typeof readEntities;
  readonly loadModel: typeof loadModel;
}

/** Root of this checkout. */
export const CHECKOUT = join(import.meta.dirname, "../..");

/** Imports the functions from `dist/` in a checkout. Throws if the checkout has no build. */
export async function openPackage(checkout: string): Promise<Mmel> {
  const load = async (file: string): Promise<Mmel> => {
    const path = resolve(checkout, "dist", file);
    if (!existsSync(path)) throw new Error(`${path} does not exist; run \`npm run prepare\` in ${checkout}`);
    return import(pathToFileURL(path).href);
  };
  const [main, formats, registry] = await Promise.all(
    ["index.js", "formats/index.js", "models/registry.js"].map(load),
  );
  return { ...main, ...formats, ...registry } as Mmel;
}
