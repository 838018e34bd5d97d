import { TITLES } from "../names/index.js";
import type { Word } from "./words.js";

/** Particles that may join the capitalised words of a name, folded. Source: written for this project. */
const PARTICLES = new Set(
  "van von vom zu zum zur der den dem de del della delle dei degli di da do dos das du des la le les lo el al bin ibn ben bint abu af av til ter ten te op фон де ван дер аль ибн".split(
    " ",
  ),
);

/**
 * Returns whether a word may be a particle or a title at the start of a family name: "van der Berg", "Saint Phalle". In
 * German, "von" in lower case does not count, because it more often means "by".
 */
export const isNameParticle = ({ text, folded }: Word, language: string | undefined): boolean =>
  (PARTICLES.has(folded) || isTitle(folded)) && !(language === "de" && text === "von");

export const isParticle = ({ text, folded }: Word): boolean => /^\p{Ll}/u.test(text) && PARTICLES.has(folded);

/** Returns whether a word is a particle between a capitalised word and another capitalised word or particle. */
export function isBetweenNames(words: readonly Word[], at: number): boolean {
  const [before, after] = [words[at - 1], words[at + 1]];
  return (
    isParticle(words[at]!) &&
    before?.capital === true &&
    (after?.capital === true || (after !== undefined && isParticle(after)))
  );
}

/**
 * Returns whether a folded word is a title. Titles of one letter do not count, because most such letters are initials.
 */
export const isTitle = (word: string): boolean => word.length > 1 && TITLES.has(word);
