import { type CandidateSource, createCandidateSource } from "../candidates/index.js";
import { withDisposables } from "../core/disposable-stack.js";
import { type Caption, type Entity, type EntityInput, entityOf, MmelError } from "../core/index.js";
import { createMemoryStore, type EntityStore, openStore } from "../kb/index.js";
import type { Model } from "../models/model.js";
import { openPictures, type Pictures } from "../pictures/index.js";
import { openIndex } from "./candidate-index.js";

/** What to link to, and with what. */
export interface PartsOptions {
  /** A folder, a `postgres://` address, an open store, or the entities themselves for a small knowledge base. */
  readonly kb: string | EntityStore | readonly EntityInput[];
  /** The name of a bundled model, a checkpoint folder, or an open model; default: the bundled default model. */
  readonly model?: string | Model;
  /**
   * The folder of the pictures of captions and entities, for models that use pictures; or `Pictures` from `openPictures`,
   * which has more options. A model that is passed open uses only the pictures it was opened with.
   */
  readonly images?: string | Pictures;
  /** The folder where image vectors are cached; default: `.cache/mmel/features` in the home folder. */
  readonly features?: string;
  /**
   * Called for each caption with an unreadable picture (`IMAGE_…`, `PATH_OUTSIDE`, `FILE_…`), which is linked without it,
   * and once for each unreadable picture of an entity. An error thrown here ends the linking.
   */
  readonly onBadPicture?: (error: MmelError, caption?: Caption) => void;
  /** When it fires, waiting for the knowledge base's server ends with `ABORTED`, now and in later calls. */
  readonly signal?: AbortSignal | undefined;
}

/** Everything that linking needs, opened. */
export interface Parts extends AsyncDisposable {
  readonly store: EntityStore;
  readonly source: CandidateSource;
  readonly model: Model;
  readonly pictures?: Pictures;
  /** `NAME@VERSION` of the knowledge base and `NAME@HASH` of the model, as written in links. */
  readonly names: { readonly kb: string; readonly model: string };
}

/** Opens a knowledge base with its candidate index, pictures, and a model. Closing the parts does not close what was passed in. */
export async function openParts(options: PartsOptions): Promise<Parts> {
  const { kb, model, images, features, onBadPicture: onBad, signal } = options;
  return withDisposables(async (opened) => {
    const store = isStore(kb) ? kb : opened.use(await openKb(kb, signal));
    const source = opened.use(await openSource(store));
    const pictures =
      typeof images === "string" ? opened.use(await openPictures({ images, features, onBad })) : images;
    const chosen = typeof model === "object" ? model : opened.use(await openModel(model, pictures));
    const { name, version } = store.manifest;
    return {
      store,
      source,
      model: chosen,
      ...(pictures !== undefined && { pictures }),
      names: { kb: `${name}@${version}`, model: `${chosen.name}@${chosen.hash}` },
      [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
    };
  });
}

function isStore(kb: PartsOptions["kb"]): kb is EntityStore {
  return typeof kb === "object" && kb !== null && "getMany" in kb;
}

async function openKb(
  kb: string | readonly EntityInput[],
  signal: AbortSignal | undefined,
): Promise<EntityStore> {
  if (typeof kb === "string") return openStore(kb, { signal });
  if (Array.isArray(kb)) return createMemoryStore(kb.map(entityOf));
  throw new MmelError("CONFIG", {
    what: "no knowledge base is given",
    where: "kb",
    expected: "a folder, postgres://…, an open store, or a list of entities",
  });
}

/** The index built at import, or one built now for a store in memory. */
async function openSource(store: EntityStore): Promise<CandidateSource> {
  const index = await openIndex(store, { thread: true });
  if (index !== undefined) return index;
  const entities: Entity[] = [];
  for await (const entity of store.all()) entities.push(entity);
  return createCandidateSource(entities);
}

async function openModel(model: string | undefined, pictures: Pictures | undefined): Promise<Model> {
  const { loadModel } = await import("../models/registry.js");
  return loadModel(model, { images: pictures?.open });
}
