import { join } from "node:path";
import { buildCandidateIndex, candidateIndexOf } from "../candidates/index.js";
import { type EntityInput, entityOf } from "../core/index.js";
import { driverFor, type ImportOptions, type Manifest } from "../kb/index.js";
import { openPack } from "../kb/pack/index.js";
import { buildRelations, relationsFileOf } from "../relations/index.js";
import { CANDIDATE_INDEX } from "./candidate-index.js";
import { assertKeepsHalf } from "./keep-half.js";
import { RELATIONS } from "./relations.js";

export interface ImportKbOptions extends Omit<ImportOptions, "finish"> {
  /**
   * Whether the import may remove more than half of the entities of the knowledge base at the target; default true. If
   * false, such an import throws `KB_REPLACE`, and the old version stays current.
   */
  readonly replace?: boolean;
  /**
   * Called when the new version is complete, but not yet visible to readers. If the function throws, the old version
   * stays current.
   */
  readonly confirm?: (manifest: Manifest) => Promise<void>;
}

/**
 * Imports entities into `target`, a folder or a `postgres://` URL, and builds the candidate index and the relations that
 * linking needs. Replaces the entities that `target` contains. Of an entity, only `id` and `label` are required. Atomic;
 * throws the errors of `StoreDriver.import`, and `KB_REPLACE` if `replace` is false and more than half of the entities
 * would be removed.
 */
export async function importKb(
  target: string,
  entities: Iterable<EntityInput> | AsyncIterable<EntityInput>,
  { confirm, replace = true, ...options }: ImportKbOptions = {},
): Promise<Manifest> {
  const driver = await driverFor(target);
  const abort = options.signal === undefined ? {} : { signal: options.signal };
  return driver.import(target, complete(entities), {
    ...options,
    async finish(store, place) {
      if (!replace) await assertKeepsHalf(target, store, options.signal);
      const build = { version: store.manifest.version, ...abort };
      if (place.kind === "folder") {
        await buildCandidateIndex(store.all(abort), join(place.folder, CANDIDATE_INDEX), build);
        await buildRelations(store.all(abort), join(place.folder, RELATIONS), build);
      } else {
        await place.attach(CANDIDATE_INDEX, await candidateIndexOf(store.all(abort), build));
        await place.attach(RELATIONS, await relationsFileOf(store.all(abort), build));
      }
      await confirm?.(store.manifest);
    },
  });
}

async function* complete(entities: Iterable<EntityInput> | AsyncIterable<EntityInput>) {
  for await (const entity of entities) yield entityOf(entity);
}

/**
 * Imports a packed knowledge base (see `packKb`) into `target`, which can be a folder or a server. Its
 * `Manifest.version` is that of the packed knowledge base. Atomic, like `importKb`. Throws the errors of `openPack` and
 * `OpenPack.entities` if the file fails its checks; readers then keep the old version.
 */
export async function unpackKb(
  file: string,
  target: string,
  options: Omit<ImportKbOptions, "confirm"> = {},
): Promise<Manifest> {
  await using pack = await openPack(file, options.signal);
  return await importKb(target, pack.entities(), { name: pack.manifest.name, ...options });
}
