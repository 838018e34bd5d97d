import type { Linker } from "../../linker/index.js";

/** What a worker needs of a linker. */
export type WorkLinker = Pick<Linker, "linkAll" | "close" | "model" | "kb">;

/** A linker that can be put aside for a new one, when an error may have left something broken in it. */
export interface LinkerInUse extends AsyncDisposable {
  /** The linker; opened, if there is none. What opening throws is thrown. */
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
      linker ??= await open();
      return linker;
    },
    putAside,
    [Symbol.asyncDispose]: putAside,
  };
}
