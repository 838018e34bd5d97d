import { MmelError } from "../core/index.js";
import { fetchFromHub, type HubOptions, isHubName, openHub } from "../encoders/index.js";
import { MODEL_FILES } from "./model-files.js";
import { bundledFolder, bundledModels } from "./registry.js";

/** Optional files of a model on the hub. */
const OPTIONAL = [
  MODEL_FILES.calibration,
  MODEL_FILES.imageLikeness,
  MODEL_FILES.imageLikenessWeights,
  MODEL_FILES.card,
];

/**
 * Makes a model available offline and returns its folder: the folder of a bundled model, or the cache folder of a
 * checkpoint or text encoder on the Hugging Face hub, `ORGANISATION/NAME@COMMIT`, which is fetched if it is not cached.
 * Throws MODEL_NOT_FOUND.
 */
export async function pullModel(name: string, hub: HubOptions): Promise<string> {
  const bundled = (await bundledModels()).map((model) => model.name);
  const folder = bundled.includes(name) ? bundledFolder(name) : undefined;
  if (folder !== undefined) return folder;
  if (!isHubName(name))
    throw new MmelError("MODEL_NOT_FOUND", {
      what: `no model ${JSON.stringify(name)} to fetch`,
      expected: `a bundled model (${bundled.join(", ")}), or ORGANISATION/NAME@COMMIT on the Hugging Face hub`,
      hint: "List the bundled models with `mmel models list`.",
    });
  const fetched = await fetchFromHub(name, hub);
  const { fetch } = await openHub(name, hub);
  for (const file of OPTIONAL) await fetch(file);
  return fetched;
}
