import { type Caption, MmelError } from "../../core/index.js";
import type { LinkAllOptions, Linker, LinkResult } from "../../linker/index.js";

/** The members of a linker that a worker needs. */
export interface WorkLinker extends Pick<Linker, "close" | "model" | "kb"> {
  linkAll<Given extends Caption>(
    captions: Iterable<Given>,
    options?: LinkAllOptions,
  ): AsyncIterable<LinkResult<Given>>;
}

/**
 * The linkers of a worker: one for the newest version of the knowledge base and, while submissions that were begun with an
 * older version are unfinished, one for each such version. A linker is replaced after errors that may have damaged it.
 */
export interface LinkersInUse extends AsyncDisposable {
  /** The settings of the linkers (see `WorkerIdentity`), newest first. */
  readonly settings: () => readonly string[];
  /**
   * Returns the linker with these settings, or opens it again if it was discarded. Throws the errors of opening a linker.
   * Throws `CONFIG` if the model or the knowledge base is no longer the same.
   */
  get(settings: string): Promise<WorkLinker>;
  /** Closes a linker. The next call to `get` with its settings opens it again. */
  discard(settings: string): Promise<void>;
  /** Opens a linker for the newest version of the knowledge base. Throws the errors of opening a linker. */
  add(): Promise<void>;
  /** Closes the linkers of older versions for which `isNeeded` returns false. */
  removeUnneeded(isNeeded: (settings: string) => Promise<boolean>): Promise<void>;
}

/** A linker with its names, which stay known after it is discarded. */
interface Entry {
  readonly names: Pick<WorkLinker, "kb" | "model">;
  readonly settings: string;
  linker: WorkLinker | undefined;
}

export function linkersInUse(
  open: () => Promise<WorkLinker>,
  settingsOf: (linker: WorkLinker) => string,
  first: WorkLinker,
): LinkersInUse {
  const entryOf = (linker: WorkLinker): Entry => ({
    names: { kb: linker.kb, model: linker.model },
    settings: settingsOf(linker),
    linker,
  });
  let entries: readonly Entry[] = [entryOf(first)];
  const find = (settings: string): Entry => entries.find((entry) => entry.settings === settings)!;
  const close = async (entry: Entry): Promise<void> => {
    const old = entry.linker;
    entry.linker = undefined;
    await old?.close().catch(() => {});
  };
  return {
    settings: () => entries.map(({ settings }) => settings),
    get: async (settings) => {
      const entry = find(settings);
      if (entry.linker !== undefined) return entry.linker;
      const opened = await open();
      if (settingsOf(opened) === settings) {
        entry.linker = opened;
        return opened;
      }
      await opened.close();
      throw changed(entry.names, opened);
    },
    discard: async (settings) => close(find(settings)),
    add: async () => {
      const opened = entryOf(await open());
      if (entries.some(({ settings }) => settings === opened.settings)) await close(opened);
      else entries = [opened, ...entries];
    },
    removeUnneeded: async (isNeeded) => {
      for (const entry of entries.slice(1)) {
        if (await isNeeded(entry.settings)) continue;
        entries = entries.filter((other) => other !== entry);
        await close(entry);
      }
    },
    [Symbol.asyncDispose]: async () => {
      for (const entry of entries) await close(entry);
    },
  };
}

function changed(before: Entry["names"], now: WorkLinker): MmelError {
  return new MmelError("CONFIG", {
    what: "the knowledge base or the model changed while the worker was running",
    expected: `${before.kb} and ${before.model} instead of ${now.kb} and ${now.model}`,
    hint: "Start a new worker. It will skip the submissions that this worker has begun, because all links of a submission must come from the same versions.",
  });
}
