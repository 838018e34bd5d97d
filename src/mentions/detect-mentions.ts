import type { Mention } from "../core/index.js";
import { namesIn } from "./detect.js";

/**
 * The people, places and organisations that an English text names, in order and without overlap; titles before a name
 * and the possessive after it are left out. The tagger (compromise, 41 MB) is loaded at the first call.
 */
export async function detectMentions(text: string): Promise<Mention[]> {
  return (await namesIn(text)).map(({ mention }) => mention);
}
