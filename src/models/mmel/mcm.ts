import { attentionBlock } from "../../tensor/nn.js";
import type { MmelConfig } from "./config.js";
import { sameSide, type Tokens } from "./tokens.js";

const block = (name: string, queries: Tokens, keys: Tokens, config: MmelConfig, rate: number): Tokens => ({
  ...queries,
  x: attentionBlock(`mcm.${name}`, queries.x, keys.x, {
    heads: config.heads,
    dropout: rate,
    bias: sameSide(queries, keys),
  }),
});

/**
 * Hierarchical multimodal co-attention (equations 5 to 7): images attend to themselves, then to the text; the text to
 * itself, then to the images so informed. Equation 7 prints the pooled image as the last key; attention over one key
 * is constant, so its unpooled tokens are used.
 */
export function mcm(text: Tokens, images: Tokens, config: MmelConfig, rate: number): [Tokens, Tokens] {
  const v = block("imageText", block("image", images, images, config, rate), text, config, rate);
  const u = block("textImage", block("text", text, text, config, rate), v, config, rate);
  return [u, v];
}

/** What is left of it without images. */
export const textAlone = (text: Tokens, config: MmelConfig, rate: number): Tokens =>
  block("text", text, text, config, rate);
