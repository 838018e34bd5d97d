import type { TextEncoderConfig } from "../text-config.js";
import { LAYOUTS } from "./layout.js";

/** The first position that a token has in the table of positions. */
export function firstPosition({ model_type, pad_token_id }: TextEncoderConfig): number {
  return LAYOUTS[model_type].positionsAfterPadding ? pad_token_id + 1 : 0;
}

/** The longest input of an encoder, in tokens. */
export function maxPositions(config: TextEncoderConfig): number {
  return Math.max(0, config.max_position_embeddings - firstPosition(config));
}
