import { type Caption, type CaptionInput, type CaptionLinks, MmelError } from "../core/index.js";
import type { RankingOptions } from "../ranking/index.js";
import { readInputs } from "./input.js";
import { openParts, type PartsOptions } from "./parts.js";
import { lookUp, rankInputs, toLinks } from "./pipeline.js";

export interface LinkerOptions extends PartsOptions {
  /** Number of candidates considered per mention (100). */
  readonly candidates?: number;
  /** Number of candidates listed per link (5). */
  readonly topK?: number;
  /** Rank the mentions of a caption together (true). */
  readonly collaborative?: boolean;
  /** Parameters of ranking; default: those the model was tuned with, else those of section 5 of the specification. */
  readonly ranking?: Omit<RankingOptions, "collaborative" | "signal">;
  /** Find the mentions of captions that have none (false). */
  readonly detect?: boolean;
  /** Add the named parts of its score to each listed candidate (false). */
  readonly explain?: boolean;
}

/** Options of a single call, in place of those that the linker was opened with. */
export type CallOptions = Partial<Pick<LinkerOptions, "topK" | "collaborative" | "detect" | "explain">>;

export interface LinkAllOptions extends CallOptions {
  /** Ends the call with `ABORTED` when it fires. */
  readonly signal?: AbortSignal;
}

/** A caption as it was given, with its links or the reason why it cannot be linked. */
export type LinkResult<Given extends CaptionInput = CaptionInput> =
  | { readonly caption: Given; readonly links: CaptionLinks; readonly error?: undefined }
  | { readonly caption: Given; readonly links?: undefined; readonly error: MmelError };

/** An open linker. Closing it does not close a store, a model or pictures that were passed to `createLinker`. */
export interface Linker extends AsyncDisposable {
  /** `NAME@HASH`. */
  readonly model: string;
  /** `NAME@VERSION`. */
  readonly kb: string;
  /**
   * Links one caption, in the form of files or a `Caption`. Throws `CAPTION_INVALID` if it has no mentions (unless they are
   * detected), too many, or invalid ones; `ENCODING` for a lone surrogate; `OFFSETS` if a position does not hold its
   * mention; `ABORTED` if the signal fires or the linker is closed while it links; `USAGE` if the linker is closed.
   */
  link(caption: CaptionInput, options?: LinkAllOptions): Promise<CaptionLinks>;
  /**
   * Links many captions and yields one result per caption, in order. A caption that cannot be linked yields its error;
   * any other error is thrown. Reads ahead by at most one batch.
   */
  linkAll<Given extends CaptionInput>(
    captions: Iterable<Given> | AsyncIterable<Given>,
    options?: LinkAllOptions,
  ): AsyncIterable<LinkResult<Given>>;
  close(): Promise<void>;
}

/**
 * Opens a linker. Throws `CONFIG` for a count below 1, a missing `kb`, or if the model's image encoder is missing;
 * `KB_NOT_FOUND`, `KB_DAMAGED`, `KB_TOO_NEW`, `MODEL_NOT_FOUND`, `MODEL_DAMAGED`; `FILE_NOT_FOUND` if the folder `images`
 * does not exist.
 */
export async function createLinker(options: LinkerOptions): Promise<Linker> {
  const { candidates = 100, topK = 5, detect = false, explain = false, collaborative = true } = options;
  const defaults = { topK, detect, explain, collaborative };
  assertCount("candidates", candidates);
  assertCount("topK", topK);
  const parts = await openParts(options);
  const retrieve = (captions: readonly Caption[]) => lookUp(parts.source, captions, candidates);

  let closed = false;
  const assertOpen = (): void => {
    if (closed)
      throw new MmelError("USAGE", {
        what: "the linker is closed",
        hint: "Open another with `createLinker`.",
      });
  };

  async function* linkAll<Given extends CaptionInput>(
    captions: Iterable<Given> | AsyncIterable<Given>,
    { signal, ...call }: LinkAllOptions = {},
  ): AsyncGenerator<LinkResult<Given>> {
    assertOpen();
    const { pictures } = parts;
    const { topK, collaborative, detect, explain } = { ...defaults, ...call };
    assertCount("topK", topK);
    const ranking = { ...options.ranking, collaborative, pictures, ...(signal && { signal }) };
    try {
      for await (const { input, ranked } of rankInputs(
        readInputs(captions, detect),
        retrieve,
        parts.model,
        ranking,
      )) {
        const { given: caption, error } = input;
        if (error !== undefined) yield { caption, error };
        else if (ranked !== undefined)
          yield { caption, links: toLinks(ranked, { topK, explain, ...parts.names }) };
      }
    } catch (cause) {
      throw closed ? new MmelError("ABORTED", { what: "the linker was closed", cause }) : cause;
    }
  }

  const close = async (): Promise<void> => {
    closed = true;
    await parts[Symbol.asyncDispose]();
  };
  return {
    ...parts.names,
    async link(caption, call = {}) {
      for await (const { links, error } of linkAll([caption], call)) {
        if (error !== undefined) throw error;
        return links;
      }
      throw new MmelError("INTERNAL", { what: "the caption got no links", where: `caption ${caption.id}` });
    },
    linkAll,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function assertCount(option: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new MmelError("CONFIG", { what: `${option} is ${value}`, expected: "a whole number of at least 1" });
}
