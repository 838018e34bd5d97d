// Functions that read the JSON of items. The JSON may have any structure: values of the wrong type count as missing.

type Parsed =
  | { readonly kind: "json"; readonly json: unknown }
  | { readonly kind: "bad"; readonly why: string };

export function parseJson(text: string): Parsed {
  try {
    return { kind: "json", json: JSON.parse(text) };
  } catch (error) {
    return { kind: "bad", why: (error as Error).message };
  }
}

/** Returns the value if it is an object, and otherwise an empty object. (PHP writes empty maps as `[]`.) */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Returns the value of an object's own field, or undefined if the object has no such field. */
export function fieldOf(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

const UNWANTED = /[\p{Cc}\u2028\u2029\p{Surrogate}]+/gu;

/**
 * Returns the text with control characters, line separators and lone surrogates replaced by spaces, trimmed. Returns
 * undefined if nothing remains, or if the value is not a string.
 */
export function textOf(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.replace(UNWANTED, " ").trim();
  return text === "" ? undefined : text;
}

/** Labels, descriptions or aliases, keyed by language. */
type Terms = Readonly<Record<string, unknown>>;

/** Wikidata's language code for names that are the same in all languages. */
const ALL_LANGUAGES = "mul";

/**
 * Returns the first text that exists in the given languages, in `mul` or in English, searched in this order. The
 * regional variants of a language are searched directly after the language (`de`, then `de-at`, `de-ch`). Returns
 * undefined if there is no text.
 */
export function firstText(terms: Terms, languages: readonly string[]): string | undefined {
  for (const language of [...languages, ALL_LANGUAGES, "en"]) {
    const text = textOf(fieldOf(objectOf(fieldOf(terms, language)), "value"));
    if (text !== undefined) return text;
    for (const variant of variantsOf(terms, language)) {
      const variantText = textOf(objectOf(terms[variant]).value);
      if (variantText !== undefined) return variantText;
    }
  }
  return undefined;
}

/**
 * Returns all texts in the given languages and in `mul`, in this order. The regional variants of a language follow the
 * language. A language may have one text (labels) or a list of texts (aliases).
 */
export function allTexts(terms: Terms, languages: readonly string[]): string[] {
  const chosen = [...languages, ALL_LANGUAGES].flatMap((language) => [
    language,
    ...variantsOf(terms, language),
  ]);
  return [...new Set(chosen)].flatMap((language) => {
    const term = fieldOf(terms, language);
    const all = Array.isArray(term) ? listOf(term) : [term];
    return all.flatMap((item) => textOf(objectOf(item).value) ?? []);
  });
}

/** Returns whether a language is one of the given languages or a regional variant of one of them. */
export function isChosen(language: unknown, languages: readonly string[]): boolean {
  return (
    typeof language === "string" &&
    languages.some((chosen) => language === chosen || language.startsWith(`${chosen}-`))
  );
}

function variantsOf(terms: Terms, language: string): string[] {
  const variants: string[] = [];
  for (const key in terms) if (key.startsWith(language) && key[language.length] === "-") variants.push(key);
  return variants.sort();
}
