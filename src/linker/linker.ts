import { type Caption, type CaptionInput, type CaptionLinks, MmelError } from "../core/index.js";
import type { LinkAllOptions, Linker, LinkerOptions } from "./api.js";
import { lookUp } from "./look-up.js";
import { openParts } from "./parts.js";
import { rankAll } from "./pipeline.js";
import { toLinks } from "./to-links.js";
import { withMentions } from "./with-mentions.js";

/**
 * Opens a linker. `CONFIG` for a count below 1 or without `kb`, `KB_NOT_FOUND`, `KB_DAMAGED`, `KB_TOO_NEW`, `MODEL_NOT_FOUND`,
 * `MODEL_DAMAGED`; `FILE_NOT_FOUND` without the folder `images`, `CONFIG` without the image encoder that the model needs.
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
    if (closed) throw new MmelError("USAGE", { what: "the linker is closed", hint: "createLinker again" });
  };

  async function* linkAll<Given extends CaptionInput>(
    captions: Iterable<Given> | AsyncIterable<Given>,
    { signal, onRejected, ...call }: LinkAllOptions<Given> = {},
  ): AsyncGenerator<CaptionLinks> {
    assertOpen();
    const { pictures } = parts;
    const { topK, collaborative, detect, explain } = { ...defaults, ...call };
    assertCount("topK", topK);
    const ranking = { ...options.ranking, collaborative, pictures, ...(signal && { signal }) };
    const ready = withMentions(captions, detect, onRejected);
    try {
      for await (const ranked of rankAll(ready, retrieve, parts.model, ranking))
        yield toLinks(ranked, { topK, explain, ...parts.names });
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
      for await (const links of linkAll([caption], call)) return links;
      throw new MmelError("INTERNAL", {
        what: "a caption came out of no batch",
        where: `caption ${caption.id}`,
      });
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
