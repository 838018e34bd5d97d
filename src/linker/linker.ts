import { type Caption, type CaptionInput, type CaptionLinks, type Entity, MmelError } from "../core/index.js";
import type { NameHit } from "../kb/store.js";
import type { RankingOptions } from "../ranking/index.js";
import type { Relations } from "../relations/index.js";
import { createNameDetector } from "./detect.js";
import { readInputs } from "./input.js";
import { lookUp } from "./look-up.js";
import { openParts, type PartsOptions } from "./parts.js";
import { rankInputs, toLinks, withoutOtherTypes } from "./pipeline.js";

export interface LinkerOptions extends PartsOptions {
  /**
   * Maximum number of candidates to find by name for each mention; default 100. If a mention reaches this maximum, up
   * to 50 more are added that have a matching name and are related to candidates of the caption's other mentions.
   */
  readonly candidates?: number;
  /** Maximum number of candidates listed per mention; default 5. */
  readonly topK?: number;
  /** Whether to rank the mentions of a caption together; default true. */
  readonly collaborative?: boolean;
  /**
   * Ranking parameters. Default: the parameters that were tuned for the model; if it has none, the defaults of
   * `RankingOptions`.
   */
  readonly ranking?: Omit<RankingOptions, "collaborative" | "signal">;
  /**
   * Whether to drop candidates that do not fit the type of their mention; default false. Usually keeps candidates of
   * unknown kind; see `typeFilter`.
   */
  readonly strictTypes?: boolean;
  /** Whether to detect mentions in captions without mentions; default false. */
  readonly detect?: boolean;
  /** Maximum number of names to detect in a caption, from its start; default 1,000. */
  readonly maxDetected?: number;
  /**
   * Called at most once, with a note for the user, if no names are detected in a caption that is not in English. In
   * such captions, only names from the knowledge base can be detected.
   */
  readonly onNote?: (note: string) => void;
  /** Whether to add the named terms of the match score (`explain`) to each listed candidate; default false. */
  readonly explain?: boolean;
}

/** Options for a single call. They override the options with which the linker was opened. */
export type CallOptions = Partial<
  Pick<LinkerOptions, "topK" | "collaborative" | "strictTypes" | "detect" | "explain">
>;

export interface LinkAllOptions extends CallOptions {
  /** When the signal fires, the call throws `ABORTED`. */
  readonly signal?: AbortSignal;
}

/** A caption as passed by the caller, and either its links or the error that prevented linking. */
export type LinkResult<Given extends CaptionInput = CaptionInput> =
  | { readonly caption: Given; readonly links: CaptionLinks; readonly error?: undefined }
  | { readonly caption: Given; readonly links?: undefined; readonly error: MmelError };

/** An open linker. Closing the linker does not close a store, model or pictures that were passed to `createLinker`. */
export interface Linker extends AsyncDisposable {
  /** `NAME@HASH` of the model. */
  readonly model: string;
  /** `NAME@VERSION` of the knowledge base. */
  readonly kb: string;
  /** The relations between entities. Empty if an older version of mmel imported the knowledge base. */
  readonly relations: Relations;
  /**
   * Links one caption, given as a `Caption` or in the format of captions files. Throws `CAPTION_INVALID` if a field of
   * the caption or a mention is invalid, if there are too many mentions, or if there are none and `detect` is not set.
   * Throws `TIMEOUT` if detecting the names takes more than 20 seconds.
   * Throws `ENCODING` if a text contains a lone surrogate, and `OFFSETS` if the caption's text at a mention's position
   * differs from the mention's text. Throws `CONFIG` if `topK` is not a whole number of at least 1. Throws `ABORTED` if
   * the signal fires or the linker is closed during the call, and `USAGE` if the linker was already closed.
   */
  link(caption: CaptionInput, options?: LinkAllOptions): Promise<CaptionLinks>;
  /**
   * Links any number of captions and yields one result per caption, in order. If a caption cannot be linked, its result
   * contains the error. All other errors are thrown. Reads ahead by at most one batch.
   */
  linkAll<Given extends CaptionInput>(
    captions: Iterable<Given> | AsyncIterable<Given>,
    options?: LinkAllOptions,
  ): AsyncIterable<LinkResult<Given>>;
  /**
   * Searches the knowledge base for entities with a label or an alias similar to `name`, best first; each entity occurs
   * once. `limit` is the maximum number of results; default 10. Throws `CONFIG` if `limit` is not a whole number of at
   * least 1, `USAGE` if the linker is closed, and the errors of the knowledge base.
   */
  search(name: string, options?: { readonly limit?: number }): Promise<readonly NameHit[]>;
  /**
   * Returns the entity with this id, or undefined if the knowledge base has none. Throws `USAGE` if the linker is
   * closed, and the errors of the knowledge base.
   */
  entity(id: string): Promise<Entity | undefined>;
  close(): Promise<void>;
}

/**
 * Opens a linker. Throws `CONFIG` if `candidates` or `topK` is not a whole number of at least 1, if `kb` is missing or
 * invalid, if `coverage` is given but is not in (0, 1] or the model is not calibrated, or if the model's image encoder
 * is not available. Throws `ENTITY_INVALID` if an entity in a list is invalid, and `FILE_NOT_FOUND` if `images` is not
 * a folder that can be read. Also throws the errors of opening the knowledge base (see `StoreDriver.open`) and the
 * model (see `loadModel`).
 */
export async function createLinker(options: LinkerOptions): Promise<Linker> {
  const { candidates = 100, topK = 5, detect = false, explain = false } = options;
  const { collaborative = true, strictTypes = false } = options;
  const defaults = { topK, detect, explain, collaborative, strictTypes };
  assertCount("candidates", candidates);
  assertCount("topK", topK);
  const parts = await openParts(options);

  const detector = createNameDetector(parts.source, candidates, options.maxDetected);
  let noted = false;
  const noteNothing = ({ id }: Caption, language: string): void => {
    if (!noted) options.onNote?.(nothingFound(id, language));
    noted = true;
  };

  let closed = false;
  const assertOpen = (): void => {
    if (closed)
      throw new MmelError("USAGE", {
        what: "the linker is closed",
        hint: "Open another linker with `createLinker`.",
      });
  };

  async function* linkAll<Given extends CaptionInput>(
    captions: Iterable<Given> | AsyncIterable<Given>,
    { signal, ...call }: LinkAllOptions = {},
  ): AsyncGenerator<LinkResult<Given>> {
    assertOpen();
    const { pictures } = parts;
    const { topK, collaborative, strictTypes, detect, explain } = { ...defaults, ...call };
    assertCount("topK", topK);
    const retrieve = async (captions: readonly Caption[]) => {
      const found = await lookUp(parts, captions, candidates);
      return strictTypes ? found.map(withoutOtherTypes) : found;
    };
    const ranking = { ...options.ranking, collaborative, pictures, ...(signal && { signal }) };
    try {
      for await (const { input, ranked } of rankInputs(
        readInputs(captions, detect ? detector : undefined, noteNothing),
        retrieve,
        parts.model,
        ranking,
      )) {
        const { given: caption, error } = input;
        if (error !== undefined) yield { caption, error };
        else if (ranked !== undefined) {
          const links = toLinks(ranked, { topK, explain, ...parts.names });
          yield { caption, links: { ...links, ...input.source } };
        }
      }
    } catch (cause) {
      throw closed ? new MmelError("ABORTED", { what: "the linker was closed", cause }) : cause;
    }
  }

  const close = async (): Promise<void> => {
    closed = true;
    await detector[Symbol.asyncDispose]();
    await parts[Symbol.asyncDispose]();
  };
  return {
    ...parts.names,
    relations: parts.relations,
    async link(caption, call = {}) {
      for await (const { links, error } of linkAll([caption], call)) {
        if (error !== undefined) throw error;
        return links;
      }
      throw new MmelError("INTERNAL", {
        what: "the linker returned no links for the caption",
        where: `caption ${caption.id}`,
      });
    },
    linkAll,
    async search(name, { limit = 10 } = {}) {
      assertOpen();
      assertCount("limit", limit);
      return parts.store.searchNames(name, { limit });
    },
    async entity(id) {
      assertOpen();
      return (await parts.store.getMany([id])).get(id);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function nothingFound(id: string, language: string): string {
  const where =
    language === "und" ? "captions in an unknown language" : `captions in the language "${language}"`;
  return `no names were detected in caption ${id}; in ${where}, only names from the knowledge base are detected`;
}

function assertCount(option: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new MmelError("CONFIG", { what: `${option} is ${value}`, expected: "a whole number of at least 1" });
}
