import type { Span } from "../../core/index.js";

/** The token ids of one input of a text encoder, and which of them the model may look at for which side. */
export interface InputTokens {
  readonly ids: Int32Array;
  /** Where segment 1 begins; `ids.length` when all is segment 0. */
  readonly secondFrom: number;
  /** Tokens of the caption's side, the context mask of equation 1: neither special tokens nor padding. */
  readonly context: Span;
  /** Tokens of the entity's side, the entity mask of equation 1. */
  readonly entity: Span;
}
