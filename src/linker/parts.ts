import { type CandidateSource, createCandidateSource } from "../candidates/index.js";
import { withDisposables } from "../core/disposable-stack.js";
import { type Caption, type Entity, type EntityInput, entityOf, MmelError } from "../core/index.js";
import { createMemoryStore, type EntityStore, openStore } from "../kb/index.js";
import type { Model } from "../models/model.js";
import { openPictures, type Pictures } from "../pictures/index.js";
import { createRelations, type Relations } from "../relations/index.js";
import { openIndex } from "./candidate-index.js";
import { openStoreRelations } from "./relations.js";

/** Options for opening the parts that linking needs: a knowledge base, a model and pictures. */
export interface PartsOptions {
  /**
   * The knowledge base: a folder, a `postgres://` URL, an open store, or a list of entities for a small knowledge
   * base.
   */
  readonly kb: string | EntityStore | readonly EntityInput[];
  /** The name of a bundled model, a model folder, or an open model; default: the bundled default model. */
  readonly model?: string | Model;
  /**
   * The share of mentions whose entity is in the knowledge base, above 0 and at most 1. A lower coverage makes NIL more
   * probable. Default: the coverage in the calibration of the model.
   */
  readonly coverage?: number | undefined;
  /**
   * The pictures of captions and entities, for models that use pictures: a folder, or the result of `openPictures`,
   * which has more options. An open model passed as `model` uses only the pictures with which it was opened.
   */
  readonly images?: string | Pictures;
  /** The folder for cached image vectors; default: `.cache/mmel/features` in the home folder. */
  readonly features?: string;
  /**
   * Called for each caption with an unreadable picture (`IMAGE_…`, `PATH_OUTSIDE`, `FILE_…`). The caption is then
   * linked without its picture. Also called once for each unreadable picture of an entity. If the function throws,
   * linking stops with that error.
   */
  readonly onBadPicture?: (error: MmelError, caption?: Caption) => void;
  /**
   * When the signal fires, calls that wait for the knowledge base's server throw `ABORTED`. This includes calls after
   * opening.
   */
  readonly signal?: AbortSignal | undefined;
}

/** A knowledge base, open for linking. */
export interface OpenKnowledge extends AsyncDisposable {
  readonly store: EntityStore;
  readonly source: CandidateSource;
  /** The relations between entities. Empty if an older version of mmel imported the knowledge base. */
  readonly relations: Relations;
}

/** The opened parts that linking needs. */
export interface Parts extends OpenKnowledge {
  readonly model: Model;
  readonly pictures?: Pictures;
  /** `NAME@VERSION` of the knowledge base and `NAME@HASH` of the model, as written in links. */
  readonly names: { readonly kb: string; readonly model: string };
}

/**
 * Opens a knowledge base with its candidate index, a model, and pictures. Closing the parts does not close a store,
 * model or pictures that were passed in `options`. Throws the errors that `createLinker` describes, except those for
 * its own options.
 */
export async function openParts(options: PartsOptions): Promise<Parts> {
  const { kb, model, coverage, images, features, onBadPicture: onBad, signal } = options;
  return withDisposables(async (opened) => {
    const { store, source, relations } = opened.use(await openKnowledge(kb, signal));
    const pictures =
      typeof images === "string" ? opened.use(await openPictures({ images, features, onBad })) : images;
    const calibrated = typeof model === "object" ? model : opened.use(await openModel(model, pictures));
    const chosen = coverage === undefined ? calibrated : await atCoverage(calibrated, coverage);
    const { name, version } = store.manifest;
    return {
      store,
      source,
      relations,
      model: chosen,
      ...(pictures !== undefined && { pictures }),
      names: { kb: `${name}@${version}`, model: `${chosen.name}@${chosen.hash}` },
      [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
    };
  });
}

/**
 * Opens a knowledge base with its candidate index. Closing it does not close a store that was passed in. Throws the
 * errors for the knowledge base that `createLinker` describes.
 */
export function openKnowledge(
  kb: PartsOptions["kb"],
  signal: AbortSignal | undefined,
): Promise<OpenKnowledge> {
  return withDisposables(async (opened) => {
    const store = isStore(kb) ? kb : opened.use(await openKb(kb, signal));
    const { source, relations } = await openTables(store);
    opened.use(source);
    return { store, source, relations, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
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
    what: "the knowledge base is missing or invalid",
    where: "kb",
    expected: "a folder, postgres://…, an open store, or a list of entities",
  });
}

/** Opens the candidate index and the relations that were built at import. Builds both for an in-memory store. */
async function openTables(store: EntityStore): Promise<Pick<Parts, "source" | "relations">> {
  const relations = (await openStoreRelations(store)) ?? createRelations([]);
  const source = await openIndex(store, { thread: true });
  if (source !== undefined) return { source, relations };
  const entities: Entity[] = [];
  for await (const entity of store.all()) entities.push(entity);
  return { source: createCandidateSource(entities), relations: createRelations(entities) };
}

async function atCoverage(model: Model, coverage: number): Promise<Model> {
  const { withCoverage } = await import("../models/calibration/index.js");
  return withCoverage(model, coverage);
}

async function openModel(model: string | undefined, pictures: Pictures | undefined): Promise<Model> {
  const { loadModel } = await import("../models/registry.js");
  return loadModel(model, { images: pictures?.open });
}
