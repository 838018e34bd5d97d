import { z } from "zod";
import { MmelError } from "../core/index.js";
import { type Raw, type Rejected, reject } from "./record.js";
import { parseWire } from "./wire.js";

/** Prefix of the properties that contain an entity's descriptions in further languages: `description.de`. */
const DESCRIPTION = "description.";

const text = z.string();
const named = z.object({ language: text.optional(), value: text });
const term = z.union([text, named], { error: 'must be a string or { "value": … }' });
const language = text.regex(/^[a-z]{2,12}(-[a-z0-9]{1,10})*$/i, {
  error: "is not a language tag such as de",
});
const terms = z.record(language, term, { error: "must be an object with one string per language" });
const aliases = z.union([z.array(term), z.record(language, z.union([term, z.array(term)]))], {
  error: "must be a list of strings, or an object with one list per language",
});
const schema = z.looseObject({
  label: z.unknown().optional(),
  labels: terms.optional(),
  aliases: aliases.optional(),
  description: z.unknown().optional(),
  descriptions: terms.optional(),
  properties: z.record(text, z.unknown()).optional(),
});

type Term = z.infer<typeof term>;
type Chosen = readonly string[] | undefined;

/**
 * Converts records of entities with texts in several languages to records with one label, one description and a list of
 * aliases. See `monolingual`. Rejects records with invalid labels, aliases or descriptions.
 */
export async function* withOneLanguage(
  records: AsyncIterable<Raw | Rejected>,
  languages: Chosen,
  file: string,
): AsyncGenerator<Raw | Rejected> {
  for await (const record of records) {
    if (record.kind === "rejected" || !isMultilingual(record.wire)) yield record;
    else yield convert(record, languages, file);
  }
}

function convert(raw: Raw, languages: Chosen, file: string): Raw | Rejected {
  try {
    return { ...raw, wire: monolingual(raw.wire, languages) };
  } catch (error) {
    if (!(error instanceof MmelError)) throw error;
    return reject(raw, new MmelError(error.code, { ...error.detail, where: `${file}, line ${raw.line}` }));
  }
}

function isMultilingual(wire: unknown): boolean {
  if (typeof wire !== "object" || wire === null) return false;
  if (Object.hasOwn(wire, "labels") || Object.hasOwn(wire, "descriptions")) return true;
  const { aliases } = wire as { readonly aliases?: unknown };
  const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
  return isObject(aliases) && (!Array.isArray(aliases) || aliases.some(isObject));
}

/**
 * Converts an entity with `labels` and `descriptions` by language, and with aliases by language or as objects, as in
 * Wikidata dumps. Keeps only the texts in `languages`, in `mul` or without a language, in this order; without
 * `languages`, keeps all texts. The first label becomes `label`, unless the entity has a `label`; if no label was kept,
 * the first of all labels is used. The other kept labels become aliases. The first description becomes `description`,
 * unless the entity has one; without `languages`, a description in the language of the first label is preferred. All
 * other kept descriptions become properties such as `description.de`. Throws `ENTITY_INVALID` if a text is invalid.
 */
function monolingual(wire: unknown, languages: Chosen): unknown {
  const { labels, descriptions, aliases, ...rest } = parseWire(schema, wire, "ENTITY_INVALID");
  const names = chosen(textsOf(labels), languages);
  const label = rest.label ?? names[0]?.value ?? textsOf(labels)[0]?.value;
  const own = names.flatMap(({ language }) => [language, language.split("-")[0]!]);
  const texts = chosen(textsOf(descriptions), languages, own);
  const description = rest.description ?? texts[0]?.value;
  const others = texts.filter(({ value }) => value !== description && value.trim() !== "");
  const properties = Object.fromEntries(
    others.map(({ language, value }) => [DESCRIPTION + language, [value]]),
  );
  const all = [...names, ...chosen(aliasTexts(aliases), languages)].map(({ value }) => value);
  return {
    ...rest,
    ...(label !== undefined && { label }),
    aliases: [...new Set(all)].filter((name) => name !== label),
    ...(description !== undefined && { description }),
    properties: { ...properties, ...rest.properties },
  };
}

/** A text and its language. The language is in lower case, and "" if it is unknown. */
interface Text {
  readonly language: string;
  readonly value: string;
}

const textOf = (term: Term, language = ""): Text =>
  typeof term === "string"
    ? { language: language.toLowerCase(), value: term }
    : { language: (term.language ?? language).toLowerCase(), value: term.value };

const textsOf = (terms: Readonly<Record<string, Term>> = {}): Text[] =>
  Object.entries(terms).map(([language, term]) => textOf(term, language));

function aliasTexts(aliases: z.infer<typeof schema>["aliases"] = []): Text[] {
  if (Array.isArray(aliases)) return aliases.map((term) => textOf(term));
  return Object.entries(aliases).flatMap(([language, list]) =>
    [list].flat().map((term) => textOf(term, language)),
  );
}

/**
 * Returns the texts in the given languages, in this order, followed by the texts in `mul` or without a language.
 * Without `languages`, returns all texts, beginning with those in the languages of the list `first`.
 */
function chosen(texts: readonly Text[], languages: Chosen, first: readonly string[] = []): readonly Text[] {
  if (languages === undefined) return preferred(texts, first);
  const wanted = [...languages, ...NO_LANGUAGE];
  return preferred(texts, wanted).filter(({ language }) => wanted.some((one) => isOf(language, one)));
}

/**
 * Language codes of texts that apply to all languages: `mul`, which Wikidata uses, and "" for a text without a
 * language.
 */
const NO_LANGUAGE: readonly string[] = ["mul", ""];

/** Sorts texts by the position of their language in a list. Texts in other languages come last. */
function preferred(texts: readonly Text[], languages: readonly string[]): readonly Text[] {
  const rank = ({ language }: Text): number => {
    const found = languages.findIndex((one) => isOf(language, one));
    return found < 0 ? languages.length : found;
  };
  return texts.toSorted((a, b) => rank(a) - rank(b));
}

/** Returns whether `language` is `other` or a regional variant of it: "de-at" is a variant of "de". */
const isOf = (language: string, other: string): boolean =>
  language === other || (other !== "" && language.startsWith(`${other}-`));
