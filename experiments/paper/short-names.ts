import { type Caption, createRandom, type Random } from "../../src/core/index.js";
import { VARIATIONS } from "../../src/training/variation-rules.js";
import { rewriteMention } from "../../src/training/variations.js";

const FAMILY_NAME = VARIATIONS.find(({ name }) => name === "family name")!;

/**
 * Returns the captions with every name cut to its family name, in the text and in the mentions, as the rule "family name"
 * of the variations cuts it. Names of one word, and those without a place in the text, stay. Captions in which no name can
 * be cut are left out.
 */
export function shortNames(captions: readonly Caption[]): Caption[] {
  const random = createRandom("short names"); // the rule draws nothing; its interface asks for a generator
  return captions.flatMap((caption) => {
    const short = caption.mentions.reduce((one, _, mention) => cut(one, mention, random), caption);
    return short === caption ? [] : [short];
  });
}

function cut(caption: Caption, mention: number, random: Random): Caption {
  return rewriteMention(caption, mention, FAMILY_NAME, random) ?? caption;
}
