import { type Caption, MmelError } from "../../core/index.js";
import type { LinkAllOptions, Linker, LinkResult } from "../../linker/index.js";

/** The members of a linker that a worker needs. */
export interface WorkLinker extends Pick<Linker, "close" | "model" | "kb"> {
  linkAll<Given extends Caption>(
    captions: Iterable<Given>,
    options?: LinkAllOptions,
  ): AsyncIterable<LinkResult<Given>>;
}

/** Provides a linker, and replaces it after errors that may have damaged it. */
export interface LinkerInUse extends AsyncDisposable {
  /**
   * Returns the current linker, or opens a new linker if there is none. Throws the errors of opening a linker. Throws
   * `CONFIG` if the model or the knowledge base differs from the first linker's.
   */
  get(): Promise<WorkLinker>;
  /** Closes the linker. The next call to `get` opens a new linker. */
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
    hint: "Start a new worker. It will skip the submissions that this worker has begun, because all links of a submission must come from the same versions.",
  });
}
