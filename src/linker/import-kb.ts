import { join } from "node:path";
import { buildCandidateIndex, indexTokens } from "../candidates/index.js";
import type { Entity } from "../core/index.js";
import { driverFor, type ImportOptions, type Manifest } from "../kb/index.js";
import { CANDIDATE_INDEX } from "./parts.js";

export interface ImportKbOptions extends Omit<ImportOptions, "finish" | "tokens"> {
  /** Asked when the new version is complete, before readers see it; what it throws leaves the old one in place. */
  readonly confirm?: () => Promise<void>;
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
    tokens: indexTokens,
    async finish(store, folder) {
      if (folder !== undefined) {
        const { version } = store.manifest;
        await buildCandidateIndex(store.all(abort), join(folder, CANDIDATE_INDEX), { version, ...abort });
      }
      await confirm?.();
    },
  });
}
