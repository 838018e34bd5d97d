import type { Caption, CaptionLinks } from "../../core/index.js";
import type { CallOptions } from "../../linker/index.js";

/** A caption that waits for its links. */
export interface Job {
  readonly caption: Caption;
  readonly options: CallOptions;
  /** Captions of the same key may be linked in one batch. */
  readonly key: string;
  /** It failed together with others and is tried again by itself. */
  alone: boolean;
  /** Nobody waits for it any more. */
  left: boolean;
  readonly resolve: (links: CaptionLinks) => void;
  readonly reject: (error: unknown) => void;
}

export const keyOf = ({ topK, collaborative, detect, explain }: CallOptions): string =>
  JSON.stringify([topK, collaborative, detect, explain]);
