import type { WireEntity } from "../../formats/index.js";
import { decoded, idOfIri, localName } from "./iri.js";
import type { Labels } from "./labels.js";
import { type Languages, type Literal, languageRank, preferred } from "./language.js";
import type { RdfValue } from "./triple.js";
import type { Node, Statement } from "./triple-store.js";
import {
  ALIASES,
  CONCEPT,
  DESCRIPTIONS,
  EMPTY_TYPES,
  IMAGES,
  LABELS,
  META_TYPES,
  PAGES,
  POPULARITY,
  PROPERTY,
  STRUCTURE,
  TYPE,
} from "./vocabulary.js";

export interface EntityRules {
  readonly base: string;
  readonly languages: Languages;
  /** Take SKOS concepts alone. */
  readonly onlyConcepts: boolean;
}

/** The entity that a node is, unchecked; undefined for one without a name, a blank one, and what describes the catalogue. */
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
  const aliases = [...values(ALIASES), ...names].filter((one) => languageRank(one, languages) !== undefined);
  const described = DESCRIPTIONS.find((predicate) => values([predicate]).length > 0);
  const description = described && preferred(values([described]), languages)?.value;
  const popularity = Number(values(POPULARITY)[0]?.value ?? "none");
  const url = plain(statements, PAGES)[0];
  return {
    id: idOfIri(subject, base),
    label,
    aliases: unique(aliases.map(({ value }) => value).filter((name) => name !== label)),
    ...(description !== undefined && { description }),
    properties: propertiesOf(statements, described, labels, languages),
    images: unique(plain(statements, IMAGES)),
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

/** The literals of some predicates, those of the first predicate first. */
function literalsOf(
  statements: readonly Statement[],
  predicates: readonly string[],
  labels: Labels,
): Literal[] {
  return predicates.flatMap((wanted) =>
    statements.flatMap(({ predicate, object }) => (predicate === wanted ? labels.literalsOf(object) : [])),
  );
}

/** Addresses and paths: what an IRI or a literal says, as it stands. */
function plain(statements: readonly Statement[], predicates: readonly string[]): string[] {
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
    const value = textOf(object, labels, languages);
    const name = propertyName(predicate);
    if (value === undefined || value.trim() === "" || name.trim() === "" || name === "__proto__") continue;
    properties.set(name, (properties.get(name) ?? new Set()).add(value));
  }
  return Object.fromEntries([...properties].map(([name, values]) => [name, [...values]]));
}

const propertyName = (predicate: string): string =>
  predicate.startsWith(PROPERTY) ? decoded(predicate.slice(PROPERTY.length)) : localName(predicate);

function textOf(object: RdfValue, labels: Labels, languages: Languages): string | undefined {
  if (object.kind === "literal")
    return languageRank(object, languages) === undefined ? undefined : object.value;
  const label = labels.labelOf(object.value);
  return label ?? (object.kind === "iri" ? localName(object.value) : undefined);
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];
