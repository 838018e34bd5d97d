import { fieldOf, listOf, objectOf, textOf } from "./json.js";

type Terms = Readonly<Record<string, unknown>>;

/** Names that hold in every language. */
const EVERY = "mul";

/**
 * The first text there is: in the languages asked for, each followed by its regional forms (`de`, then `de-at`, `de-ch`),
 * then the one for all languages (`mul`), then English.
 */
export function firstText(terms: Terms, languages: readonly string[]): string | undefined {
  for (const language of [...languages, EVERY, "en"]) {
    const text = textOf(fieldOf(objectOf(fieldOf(terms, language)), "value"));
    if (text !== undefined) return text;
    for (const regional of regionalOf(terms, language)) {
      const found = textOf(objectOf(terms[regional]).value);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** All texts in the languages asked for, in their order, regional forms and `mul` included; lists are taken apart. */
export function allTexts(terms: Terms, languages: readonly string[]): string[] {
  const chosen = [...languages, EVERY].flatMap((language) => [language, ...regionalOf(terms, language)]);
  return [...new Set(chosen)].flatMap((language) => {
    const term = fieldOf(terms, language);
    const all = Array.isArray(term) ? listOf(term) : [term];
    return all.flatMap((one) => textOf(objectOf(one).value) ?? []);
  });
}

/** Whether a text of this language is in one of those asked for. */
export function isChosen(language: unknown, languages: readonly string[]): boolean {
  return (
    typeof language === "string" &&
    languages.some((chosen) => language === chosen || language.startsWith(`${chosen}-`))
  );
}

function regionalOf(terms: Terms, language: string): string[] {
  const regional: string[] = [];
  for (const key in terms) if (key.startsWith(language) && key[language.length] === "-") regional.push(key);
  return regional.sort();
}
