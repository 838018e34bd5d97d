import { MmelError } from "../core/index.js";
import { fetchFromHub, type HubOptions, isHubName, openHub } from "../encoders/index.js";
import { MODEL_FILES } from "./model-files.js";
import { bundledFolder, bundledModels } from "./registry.js";

/** Optional files of a model on the hub. */
const OPTIONAL = [
  MODEL_FILES.calibration,
  MODEL_FILES.firstStage,
  MODEL_FILES.imageLikeness,
  MODEL_FILES.imageLikenessWeights,
  MODEL_FILES.card,
];

/**
 * Makes a model available offline and returns its folder. For a bundled model, this is its folder in the package. For a
 * checkpoint or text encoder on the Hugging Face hub (`ORGANISATION/NAME@COMMIT`), this is its cache folder, and files
 * that are not cached are fetched. Throws MODEL_NOT_FOUND if there is no such model, and the errors of `fetchFromHub`.
 */
export async function pullModel(name: string, hub: HubOptions): Promise<string> {
  const bundled = (await bundledModels()).map((model) => model.name);
  const folder = bundled.includes(name) ? bundledFolder(name) : undefined;
  if (folder !== undefined) return folder;
  if (!isHubName(name))
    throw new MmelError("MODEL_NOT_FOUND", {
      what: `there is no model ${JSON.stringify(name)}`,
      expected: `a bundled model (${bundled.join(", ")}), or ORGANISATION/NAME@COMMIT on the Hugging Face hub`,
      hint: "List the bundled models with `mmel models list`.",
    });
  const fetched = await fetchFromHub(name, hub);
  const { fetch } = await openHub(name, hub);
  for (const file of OPTIONAL) await fetch(file);
  return fetched;
}
