import { type Caption, MmelError } from "../../core/index.js";
import type { LinkAllOptions, Linker, LinkResult } from "../../linker/index.js";

/** What a worker needs of a linker. */
export interface WorkLinker extends Pick<Linker, "close" | "model" | "kb"> {
  linkAll<Given extends Caption>(
    captions: Iterable<Given>,
    options?: LinkAllOptions,
  ): AsyncIterable<LinkResult<Given>>;
}

/** A linker that can be put aside for a new one, when an error may have left something broken in it. */
export interface LinkerInUse extends AsyncDisposable {
  /** The linker; opened, if there is none. What opening throws is thrown, and `CONFIG` when it is not the same any more. */
  get(): Promise<WorkLinker>;
  putAside(): Promise<void>;
}

export function linkerInUse(open: () => Promise<WorkLinker>, first: WorkLinker): LinkerInUse {
  let linker: WorkLinker | undefined = first;
  const putAside = async (): Promise<void> => {
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
    putAside,
    [Symbol.asyncDispose]: putAside,
  };
}

function changed(before: WorkLinker, now: WorkLinker): MmelError {
  return new MmelError("CONFIG", {
    what: "the knowledge base or the model changed while the worker ran",
    expected: `${before.kb} and ${before.model}, not ${now.kb} and ${now.model}: links of both must not mix`,
    hint: "another worker, for other submissions",
  });
}
