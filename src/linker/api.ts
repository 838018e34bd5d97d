import type { Caption, CaptionInput, CaptionLinks, EntityInput, MmelError } from "../core/index.js";
import type { EntityStore } from "../kb/store.js";
import type { Model } from "../models/model.js";
import type { Pictures } from "../pictures/index.js";
import type { RankingOptions } from "../ranking/index.js";

export interface LinkerOptions {
  /** A folder, an open store, or the entities themselves for a small knowledge base given in code. */
  readonly kb: string | EntityStore | readonly EntityInput[];
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
  /**
   * The folder below which the pictures of captions and entities lie, for a model that looks at them; or pictures opened
   * by `openPictures`, which has more choices. A model that was given open sees only what it was opened with.
   */
  readonly images?: string | Pictures;
  /** The folder that keeps the pictures' vectors; default: `.cache/mmel/features` in the home folder. */
  readonly features?: string;
  /**
   * Told of each caption's bad picture (`IMAGE_…`, `PATH_OUTSIDE`, `FILE_…`), which is linked as if it had none, and once
   * of each bad picture of an entity. What it throws ends the linking.
   */
  readonly onBadPicture?: (error: MmelError, caption?: Caption) => void;
  /** When it fires, what waits for the knowledge base's server, now or later, ends with `ABORTED`. */
  readonly signal?: AbortSignal | undefined;
}

/** What one call may want otherwise than the linker was opened with. */
export type PerCall = Partial<Pick<LinkerOptions, "topK" | "collaborative" | "detect" | "explain">>;

export interface LinkAllOptions<Given extends CaptionInput = CaptionInput> extends PerCall {
  readonly signal?: AbortSignal;
  /** Takes a caption that cannot be linked, as it was given, and linking goes on; without it the error is thrown. */
  readonly onRejected?: (caption: Given, error: MmelError) => void;
}

/** What it was given open (a store, a model, pictures) stays open when it is closed. */
export interface Linker extends AsyncDisposable {
  readonly model: string;
  readonly kb: string;
  /**
   * Links one caption, in the form of files or a `Caption`. `CAPTION_INVALID` without mentions (unless they are detected),
   * with too many or with what none can be; `ENCODING` for half a character; `OFFSETS` for a place that does not hold its
   * mention; `ABORTED`, also when the linker is closed meanwhile; `USAGE` after that.
   */
  link(caption: CaptionInput, options?: PerCall & { readonly signal?: AbortSignal }): Promise<CaptionLinks>;
  /** Links many, in order, each exactly once, reading ahead no further than a batch. Errors as `link`. */
  linkAll<Given extends CaptionInput>(
    captions: Iterable<Given> | AsyncIterable<Given>,
    options?: LinkAllOptions<Given>,
  ): AsyncIterable<CaptionLinks>;
  close(): Promise<void>;
}
