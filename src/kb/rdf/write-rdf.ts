import { DataFactory, type Quad, Writer } from "n3";
import { type Entity, MmelError } from "../../core/index.js";
import { DEFAULT_BASE, iriOfId, isIri } from "../../formats/rdf/index.js";
import {
  IMAGE_TERM,
  PAGE_TERM,
  PLAIN_TERMS,
  POPULARITY_TERM,
  PREFIXES,
  PROPERTY,
  SKOS_TERMS,
  type Terms,
  TYPE,
} from "./vocabulary.js";

export interface RdfWriteOptions {
  /** Output format: `skos` for Turtle with SKOS concepts, `ntriples` for N-Triples with one statement per line. */
  readonly format: "skos" | "ntriples";
  /** IRI prefix for ids that are not IRIs; default `urn:mmel:`. */
  readonly base?: string;
}

const { literal, namedNode, quad } = DataFactory;

/**
 * Writes entities as RDF and yields the text of one entity at a time. `readRdf` with the same `base` restores the
 * entities, except for blank and repeated values. RDF cannot repeat a value, so a repeated value, or an alias equal to
 * the label, is restored only once. Throws `ENTITY_INVALID` if an id or the name of a property contains a lone
 * surrogate.
 */
export async function* rdfLines(
  entities: Iterable<Entity> | AsyncIterable<Entity>,
  { format, base = DEFAULT_BASE }: RdfWriteOptions,
): AsyncGenerator<string> {
  if (format === "skos") yield* turtle(entities, base);
  else {
    const writer = new Writer({ format: "N-Triples" });
    for await (const entity of entities) yield writer.quadsToString(quadsOf(entity, PLAIN_TERMS, base));
  }
}

/**
 * Writes Turtle. Uses one writer for all entities, so that the prefixes are written only once, and yields its output
 * after each entity.
 */
async function* turtle(
  entities: Iterable<Entity> | AsyncIterable<Entity>,
  base: string,
): AsyncGenerator<string> {
  let text = "";
  const sink = {
    write(chunk: string, _encoding: string, done?: () => void): void {
      text += chunk;
      done?.();
    },
    end: (done?: () => void): void => done?.(),
  };
  const writer = new Writer(sink, { prefixes: PREFIXES });
  for await (const entity of entities) {
    writer.addQuads(quadsOf(entity, SKOS_TERMS, base));
    yield text;
    text = "";
  }
  writer.end();
  yield text;
}

function quadsOf(entity: Entity, terms: Terms, base: string): Quad[] {
  const subject = namedNode(iri(() => iriOfId(entity.id, base), entity));
  const quads: Quad[] = [];
  const add = (predicate: string, object: ReturnType<typeof literal> | ReturnType<typeof namedNode>): void =>
    void quads.push(quad(subject, namedNode(predicate), object));
  const address = (text: string) => (isIri(text) ? namedNode(text) : literal(text));
  if (terms.type !== undefined) add(TYPE, namedNode(terms.type));
  add(terms.label, literal(entity.label));
  for (const alias of entity.aliases) add(terms.alias, literal(alias));
  if (entity.description !== undefined) add(terms.description, literal(entity.description));
  for (const [name, values] of Object.entries(entity.properties)) {
    const predicate = iri(() => PROPERTY + encodeURIComponent(name), entity);
    for (const value of values) add(predicate, literal(value));
  }
  for (const image of entity.images) add(IMAGE_TERM, address(image));
  if (entity.url !== undefined) add(PAGE_TERM, address(entity.url));
  if (entity.popularity !== undefined) add(POPULARITY_TERM, literal(String(entity.popularity)));
  return quads;
}

function iri(make: () => string, { id }: Entity): string {
  try {
    return make();
  } catch (cause) {
    throw new MmelError("ENTITY_INVALID", {
      what: "the id or a property name contains a lone surrogate",
      where: `entity ${JSON.stringify(id)}`,
      cause,
    });
  }
}
