import type { Caption, CaptionLinks, Entity, MmelError } from "../core/index.js";
import type { EntityStore } from "../kb/store.js";
import type { Model } from "../models/model.js";
import type { RankingOptions } from "../ranking/index.js";

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
  /** How they are ranked together; default: as the model was tuned, else as section 5 of the specification. */
  readonly ranking?: Omit<RankingOptions, "collaborative" | "signal">;
  /** Find the mentions of captions that have none (false). */
  readonly detect?: boolean;
  /** Give each listed candidate the named parts of its score (false). */
  readonly explain?: boolean;
  /** Folder below which the captions' images lie. */
  readonly images?: string;
}

export interface LinkAllOptions {
  readonly signal?: AbortSignal;
  /** Takes a caption that cannot be linked, and linking goes on; without it the error is thrown. */
  readonly onRejected?: (caption: Caption, error: MmelError) => void;
}

/** What it was given open (a store, a model) stays open when it is closed. */
export interface Linker extends AsyncDisposable {
  readonly model: string;
  readonly kb: string;
  /** Links one caption. `CAPTION_INVALID` without mentions (unless they are detected) or with too many, `ABORTED`. */
  link(caption: Caption, options?: { signal?: AbortSignal }): Promise<CaptionLinks>;
  /** Links many, in order, each exactly once, reading ahead no further than a batch. Errors as `link`. */
  linkAll(
    captions: Iterable<Caption> | AsyncIterable<Caption>,
    options?: LinkAllOptions,
  ): AsyncIterable<CaptionLinks>;
  close(): Promise<void>;
}
