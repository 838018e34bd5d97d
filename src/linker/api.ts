import type { Caption, CaptionLinks, Entity } from "../core/index.js";
import type { EntityStore } from "../kb/store.js";
import type { Model } from "../models/model.js";

export interface LinkerOptions {
  /** A folder, an open store, or the entities themselves for a small knowledge base given in code. */
  readonly kb: string | EntityStore | readonly Entity[];
  /** A bundled model's name, a checkpoint folder, or a model; default: the default bundled model. */
  readonly model?: string | Model;
  /** How many candidates a mention gets (100). */
  readonly candidates?: number;
  /** How many candidates a link lists (5). */
  readonly topK?: number;
  /** Rank the mentions of a caption together (true). */
  readonly collaborative?: boolean;
  /** Find the mentions of captions that have none (false). */
  readonly detect?: boolean;
  /** Folder below which the captions' images lie. */
  readonly images?: string;
}

export interface Linker extends AsyncDisposable {
  readonly model: string;
  readonly kb: string;
  /** Links one caption. */
  link(caption: Caption, options?: { signal?: AbortSignal }): Promise<CaptionLinks>;
  /** Links many, in order, reading ahead no further than a batch. */
  linkAll(
    captions: Iterable<Caption> | AsyncIterable<Caption>,
    options?: { signal?: AbortSignal },
  ): AsyncIterable<CaptionLinks>;
  close(): Promise<void>;
}
