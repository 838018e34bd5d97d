/** The writing systems between which names are transliterated, and one for all others. */
export type Script = "latin" | "cyrillic" | "greek" | "arabic" | "other";

const LETTER_OF: readonly (readonly [Script, RegExp])[] = [
  ["latin", /\p{Script=Latin}/u],
  ["cyrillic", /\p{Script=Cyrillic}/u],
  ["greek", /\p{Script=Greek}/u],
  ["arabic", /\p{Script=Arabic}/u],
];
const ANY_LETTER = /\p{L}/u;

/** The script of a text's first letter; undefined without letters. */
export function scriptOf(text: string): Script | undefined {
  const letter = ANY_LETTER.exec(text)?.[0];
  if (letter === undefined) return undefined;
  return LETTER_OF.find(([, pattern]) => pattern.test(letter))?.[0] ?? "other";
}
