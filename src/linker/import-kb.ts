import { join } from "node:path";
import { buildCandidateIndex, candidateIndexOf } from "../candidates/index.js";
import type { Entity } from "../core/index.js";
import { driverFor, type ImportOptions, type Manifest } from "../kb/index.js";
import { CANDIDATE_INDEX } from "./candidate-index.js";

export interface ImportKbOptions extends Omit<ImportOptions, "finish"> {
  /** Asked when the new version is complete, before readers see it; what it throws leaves the old one in place. */
  readonly confirm?: (manifest: Manifest) => Promise<void>;
}

/** Imports entities into `target` with the candidate index that linking needs; atomic, as `StoreDriver.import`. */
export async function importKb(
  target: string,
  entities: Iterable<Entity> | AsyncIterable<Entity>,
  { confirm, ...options }: ImportKbOptions = {},
): Promise<Manifest> {
  const driver = await driverFor(target);
  const abort = options.signal === undefined ? {} : { signal: options.signal };
  return driver.import(target, entities, {
    ...options,
    async finish(store, place) {
      const of = { version: store.manifest.version, ...abort };
      if (place.kind === "folder")
        await buildCandidateIndex(store.all(abort), join(place.folder, CANDIDATE_INDEX), of);
      else await place.attach(CANDIDATE_INDEX, await candidateIndexOf(store.all(abort), of));
      await confirm?.(store.manifest);
    },
  });
}
