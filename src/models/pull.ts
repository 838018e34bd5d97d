import { MmelError } from "../core/index.js";
import { fetchFromHub, type HubOptions, isHubName, openHub } from "../encoders/index.js";
import { FILES } from "./checkpoint/files.js";
import { bundledFolder, bundledModels } from "./registry.js";

/** What a model of the hub may have beside its weights. */
const BESIDE = [FILES.calibration, FILES.sight, FILES.sightWeights, FILES.card];

/**
 * Makes a model ready to be used without a connection: the folder of a bundled one, which came with the installation, or
 * of a checkpoint or text encoder of the Hugging Face hub, `ORGANISATION/NAME@COMMIT`, fetched into the cache unless it is
 * there. `MODEL_NOT_FOUND`.
 */
export async function pullModel(name: string, hub: HubOptions): Promise<string> {
  const bundled = (await bundledModels()).map((model) => model.name);
  const folder = bundled.includes(name) ? bundledFolder(name) : undefined;
  if (folder !== undefined) return folder;
  if (!isHubName(name))
    throw new MmelError("MODEL_NOT_FOUND", {
      what: `no model ${JSON.stringify(name)} to fetch`,
      expected: `a bundled model (${bundled.join(", ")}), or ORGANISATION/NAME@COMMIT of the Hugging Face hub`,
      hint: "mmel models list",
    });
  const fetched = await fetchFromHub(name, hub);
  const { fetch } = await openHub(name, hub);
  for (const file of BESIDE) await fetch(file);
  return fetched;
}
