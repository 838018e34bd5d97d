import { LRUCache } from "lru-cache";
import type { WireEntity } from "../../formats/index.js";
import {
  decodePercent,
  idOfIri,
  type Literal,
  localName,
  type RdfValue,
  type Statement,
} from "../../formats/rdf/index.js";
import type { Node, TripleStore } from "./triple-store.js";
import {
  ALIASES,
  CONCEPT,
  DESCRIPTIONS,
  EMPTY_TYPES,
  IMAGES,
  LABELS,
  LITERAL_FORMS,
  META_TYPES,
  PAGES,
  POPULARITY,
  PROPERTY,
  STRUCTURE,
  TYPE,
} from "./vocabulary.js";

/** Languages to read (BCP 47, lower case), most preferred first; empty for all languages. */
type Languages = readonly string[];

export interface EntityRules {
  readonly base: string;
  readonly languages: Languages;
  /** Whether to keep only SKOS concepts; see `RdfReadOptions`. */
  readonly onlyConcepts: boolean;
}

/**
 * Converts a node to an entity without validating the entity. Returns undefined for blank nodes, nodes without a
 * name, metadata of the catalogue, and nodes that `rules` exclude.
 */
export function entityOfNode(
  { subject, statements }: Node,
  labels: Labels,
  rules: EntityRules,
): WireEntity | undefined {
  if (subject.startsWith("_:") || !isWanted(statements, rules)) return undefined;
  const { languages, base } = rules;
  const values = (predicates: readonly string[]): Literal[] =>
    literalsOf(statements, predicates, labels).filter(({ value }) => value.trim() !== "");
  const names = values(LABELS);
  const label = preferred(names, languages)?.value;
  if (label === undefined) return undefined;
  const aliases = [...values(ALIASES), ...names].filter(
    (literal) => languageRank(literal, languages) !== undefined,
  );
  const described = DESCRIPTIONS.find((predicate) => values([predicate]).length > 0);
  const descriptions = described === undefined ? [] : values([described]);
  const description = preferred(descriptions, languages)?.value;
  const popularity = Number(values(POPULARITY)[0]?.value ?? "none");
  const url = textsOf(statements, PAGES)[0];
  return {
    id: idOfIri(subject, base),
    label,
    aliases: unique(aliases.map(({ value }) => value).filter((name) => name !== label)),
    ...(description !== undefined && { description }),
    properties: {
      ...propertiesOf(statements, described, labels, languages),
      ...otherDescriptions(descriptions, description, languages),
    },
    images: unique(textsOf(statements, IMAGES)),
    ...(Number.isFinite(popularity) && popularity >= 0 && { popularity }),
    ...(url !== undefined && { url }),
  };
}

function isWanted(statements: readonly Statement[], { onlyConcepts }: EntityRules): boolean {
  const types = statements.flatMap(({ predicate, object }) => (predicate === TYPE ? [object.value] : []));
  if (types.some((type) => META_TYPES.has(type))) return false;
  if (!onlyConcepts || types.includes(CONCEPT)) return true;
  return types.length === 0 && statements.some(({ predicate }) => predicate === LABELS[0]);
}

/** Returns the literals of the given predicates, grouped by predicate in the given order. */
function literalsOf(
  statements: readonly Statement[],
  predicates: readonly string[],
  labels: Labels,
): Literal[] {
  return predicates.flatMap((wanted) =>
    statements.flatMap(({ predicate, object }) => (predicate === wanted ? labels.literalsOf(object) : [])),
  );
}

/** Returns the IRIs and literals of the given predicates as text, for URLs and paths. */
function textsOf(statements: readonly Statement[], predicates: readonly string[]): string[] {
  return predicates.flatMap((wanted) =>
    statements.flatMap(({ predicate, object }) =>
      predicate === wanted && object.kind !== "blank" && object.value.trim() !== "" ? [object.value] : [],
    ),
  );
}

const FIELDS: ReadonlySet<string> = new Set([...LABELS, ...ALIASES, ...IMAGES, ...PAGES, ...POPULARITY]);

function propertiesOf(
  statements: readonly Statement[],
  described: string | undefined,
  labels: Labels,
  languages: Languages,
): Record<string, string[]> {
  const properties = new Map<string, Set<string>>();
  for (const { predicate, object } of statements) {
    if (FIELDS.has(predicate) || STRUCTURE.has(predicate) || predicate === described) continue;
    if (predicate === TYPE && EMPTY_TYPES.has(object.value)) continue;
    const value = propertyValue(object, labels, languages);
    const name = propertyName(predicate);
    if (value === undefined || value.trim() === "" || name.trim() === "" || name === "__proto__") continue;
    properties.set(name, (properties.get(name) ?? new Set()).add(value));
  }
  return Object.fromEntries([...properties].map(([name, values]) => [name, [...values]]));
}

/**
 * Returns the descriptions that were not chosen as the entity's `description`, as properties such as
 * `description.de`. Leaves out descriptions without a language and descriptions in unwanted languages.
 */
function otherDescriptions(
  descriptions: readonly Literal[],
  description: string | undefined,
  languages: Languages,
): Record<string, string[]> {
  const others = descriptions.filter(
    (literal) =>
      literal.language !== "" &&
      literal.value !== description &&
      languageRank(literal, languages) !== undefined,
  );
  const found: Record<string, string[]> = {};
  for (const { language, value } of others) {
    const name = `description.${language}`;
    found[name] = unique([...(found[name] ?? []), value]);
  }
  return found;
}

const propertyName = (predicate: string): string =>
  predicate.startsWith(PROPERTY) ? decodePercent(predicate.slice(PROPERTY.length)) : localName(predicate);

function propertyValue(object: RdfValue, labels: Labels, languages: Languages): string | undefined {
  if (object.kind === "literal")
    return languageRank(object, languages) === undefined ? undefined : object.value;
  const label = labels.labelOf(object.value);
  return label ?? (object.kind === "iri" ? localName(object.value) : undefined);
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];

/** The labels and literals of nodes to which statements refer. */
export interface Labels {
  /** Returns the label of a node; undefined if the files contain no label. */
  labelOf(node: string): string | undefined;
  /** Returns the object itself if it is a literal; otherwise the literals that the node wraps, as in SKOS-XL. */
  literalsOf(object: RdfValue): readonly Literal[];
}

const CACHED_LABELS = 20_000;

export function createLabels(triples: TripleStore, languages: Languages): Labels {
  const find = (node: string): string | undefined => {
    const statements = triples.about(node, [...LABELS, ...LITERAL_FORMS]);
    const ordered = [...LABELS, ...LITERAL_FORMS].flatMap((wanted) =>
      statements.flatMap((statement) => (statement.predicate === wanted ? (literalOf(statement) ?? []) : [])),
    );
    return preferred(ordered, languages)?.value;
  };
  const cache = new LRUCache<string, { readonly label: string | undefined }>({
    max: CACHED_LABELS,
    memoMethod: (node) => ({ label: find(node) }),
  });
  return {
    labelOf: (node) => cache.memo(node).label,
    literalsOf(object) {
      if (object.kind === "literal") return [object];
      return triples.about(object.value, LITERAL_FORMS).flatMap((statement) => literalOf(statement) ?? []);
    },
  };
}

const literalOf = ({ object }: Statement): Literal | undefined =>
  object.kind === "literal" && object.value.trim() !== "" ? object : undefined;

/**
 * Returns the rank of a literal's language, lowest for the most preferred; undefined if the language is not wanted. A
 * wanted language `de` also matches `de-at`. Literals without a language come after all wanted languages. If all
 * languages are wanted, literals without a language come first, then English, then all other languages.
 */
function languageRank({ language }: Literal, wanted: Languages): number | undefined {
  if (wanted.length === 0) return language === "" ? 0 : matches(language, "en") ? 1 : 2;
  if (language === "") return wanted.length;
  const rank = wanted.findIndex((candidate) => matches(language, candidate));
  return rank < 0 ? undefined : rank;
}

const matches = (language: string, wanted: string): boolean =>
  language === wanted || language.startsWith(`${wanted}-`);

/**
 * Returns the literal in the most preferred language. If none is in a wanted language, returns the first literal. If
 * there are no literals, returns undefined.
 */
function preferred(literals: readonly Literal[], wanted: Languages): Literal | undefined {
  let best: { readonly literal: Literal; readonly rank: number } | undefined;
  for (const literal of literals) {
    const rank = languageRank(literal, wanted) ?? Number.POSITIVE_INFINITY;
    if (best === undefined || rank < best.rank) best = { literal, rank };
  }
  return best?.literal;
}
