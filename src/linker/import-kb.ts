import { join } from "node:path";
import { buildCandidateIndex } from "../candidates/index.js";
import type { Entity } from "../core/index.js";
import { driverFor, type ImportOptions, type Manifest } from "../kb/index.js";
import { CANDIDATE_INDEX } from "./parts.js";

/** Imports entities into `target` with the candidate index that linking needs; atomic, as `StoreDriver.import`. */
export async function importKb(
  target: string,
  entities: Iterable<Entity> | AsyncIterable<Entity>,
  options: Omit<ImportOptions, "finish"> = {},
): Promise<Manifest> {
  const driver = await driverFor(target);
  const abort = options.signal === undefined ? {} : { signal: options.signal };
  return driver.import(target, entities, {
    ...options,
    async finish(store, folder) {
      if (folder === undefined) return;
      const { version } = store.manifest;
      await buildCandidateIndex(store.all(abort), join(folder, CANDIDATE_INDEX), { version, ...abort });
    },
  });
}
