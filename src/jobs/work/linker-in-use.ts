import { type Caption, MmelError } from "../../core/index.js";
import type { LinkAllOptions, Linker, LinkResult } from "../../linker/index.js";

/** The part of a linker that a worker needs. */
export interface WorkLinker extends Pick<Linker, "close" | "model" | "kb"> {
  linkAll<Given extends Caption>(
    captions: Iterable<Given>,
    options?: LinkAllOptions,
  ): AsyncIterable<LinkResult<Given>>;
}

/** A linker that is closed and replaced by a new one after an error, which may have broken it. */
export interface LinkerInUse extends AsyncDisposable {
  /** Returns the linker, and opens one if necessary. Throws the errors of opening, and `CONFIG` if its model or knowledge base differs from the first. */
  get(): Promise<WorkLinker>;
  discard(): Promise<void>;
}

export function linkerInUse(open: () => Promise<WorkLinker>, first: WorkLinker): LinkerInUse {
  let linker: WorkLinker | undefined = first;
  const discard = async (): Promise<void> => {
    const old = linker;
    linker = undefined;
    await old?.close().catch(() => {});
  };
  return {
    get: async () => {
      if (linker !== undefined) return linker;
      const opened = await open();
      if (opened.kb === first.kb && opened.model === first.model) {
        linker = opened;
        return linker;
      }
      await opened.close();
      throw changed(first, opened);
    },
    discard,
    [Symbol.asyncDispose]: discard,
  };
}

function changed(before: WorkLinker, now: WorkLinker): MmelError {
  return new MmelError("CONFIG", {
    what: "the knowledge base or the model changed while the worker was running",
    expected: `${before.kb} and ${before.model} instead of ${now.kb} and ${now.model}`,
    hint: "Start a new worker for other submissions; links of two versions are never mixed.",
  });
}
