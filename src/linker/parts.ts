import { type CandidateSource, createCandidateSource } from "../candidates/index.js";
import { type Entity, type EntityInput, entityOf, MmelError } from "../core/index.js";
import { createMemoryStore, type EntityStore, openStore } from "../kb/index.js";
import type { Model } from "../models/model.js";
import { openPictures, type Pictures } from "../pictures/index.js";
import { openIndex } from "./candidate-index.js";
import type { LinkerOptions } from "./linker.js";

/** What linking is made of, opened. */
export interface Parts extends AsyncDisposable {
  readonly store: EntityStore;
  readonly source: CandidateSource;
  readonly model: Model;
  readonly pictures?: Pictures;
  /** `NAME@VERSION` and `NAME@HASH`, as links carry them. */
  readonly names: { readonly kb: string; readonly model: string };
}

export type PartsOptions = Pick<
  LinkerOptions,
  "kb" | "model" | "images" | "features" | "onBadPicture" | "signal"
>;

/** Opens a knowledge base with its candidate index, pictures, and a model. What came in open is not closed with them. */
export async function openParts(options: PartsOptions): Promise<Parts> {
  const { kb, model, images, features, onBadPicture: onBad, signal } = options;
  const opened: AsyncDisposable[] = [];
  const own = <T extends AsyncDisposable>(part: T): T => {
    opened.push(part);
    return part;
  };
  const close = async (): Promise<void> => {
    for (const part of opened.splice(0).reverse()) await part[Symbol.asyncDispose]();
  };
  try {
    const store = isStore(kb) ? kb : own(await openKb(kb, signal));
    const source = own(await openSource(store));
    const pictures =
      typeof images === "string" ? own(await openPictures({ images, features, onBad })) : images;
    const chosen = typeof model === "object" ? model : own(await openModel(model, pictures));
    const { name, version } = store.manifest;
    const names = { kb: `${name}@${version}`, model: `${chosen.name}@${chosen.hash}` };
    return {
      store,
      source,
      model: chosen,
      ...(pictures !== undefined && { pictures }),
      names,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function isStore(kb: LinkerOptions["kb"]): kb is EntityStore {
  return typeof kb === "object" && kb !== null && "getMany" in kb;
}

async function openKb(
  kb: string | readonly EntityInput[],
  signal: AbortSignal | undefined,
): Promise<EntityStore> {
  if (typeof kb === "string") return openStore(kb, { signal });
  if (Array.isArray(kb)) return createMemoryStore(kb.map(entityOf));
  throw new MmelError("CONFIG", {
    what: "there is no knowledge base",
    where: "kb",
    expected: "a folder, postgres://…, an open store, or a list of entities",
  });
}

/** The index that was made at import, or one made now for a store in memory. */
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
