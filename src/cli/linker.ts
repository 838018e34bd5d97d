import type { EntityStore } from "../kb/index.js";
import type { Linker } from "../linker/index.js";
import type { Pictures } from "../pictures/index.js";
import { type Context, note } from "./context.js";

/** The options of commands that link captions (see `withLinkerOptions`). */
export interface LinkerFlags {
  readonly model?: string;
  readonly candidates: number;
  readonly coverage?: number;
  readonly collaborative: boolean;
  readonly strictTypes?: boolean;
  readonly topK: number;
  readonly detect?: boolean;
}

/** Opens the linker of a command. Throws the errors of `createLinker`. */
export async function openCommandLinker(
  context: Context,
  kb: string | EntityStore,
  pictures: Pictures | undefined,
  { model, candidates, coverage, collaborative, strictTypes = false, topK, detect = false }: LinkerFlags,
): Promise<Linker> {
  const { createLinker } = await import("../linker/index.js");
  return createLinker({
    kb,
    ...(model !== undefined && { model }),
    ...(pictures !== undefined && { images: pictures }),
    candidates,
    coverage,
    topK,
    collaborative,
    strictTypes,
    detect,
    onNote: (remark) => note(context, remark),
    signal: context.signal,
  });
}
