import { DataFactory, type Quad, Writer } from "n3";
import { type Entity, MmelError } from "../../core/index.js";
import { DEFAULT_BASE, iriOfId, isIri } from "./iri.js";
import {
  FAME,
  IMAGE,
  PAGE,
  PLAIN_TERMS,
  PREFIXES,
  PROPERTY,
  SKOS_TERMS,
  type Terms,
  TYPE,
} from "./vocabulary.js";

export interface RdfWriteOptions {
  /** `skos`: Turtle with SKOS concepts; `ntriples`: a statement a line. */
  readonly format: "skos" | "ntriples";
  /** What stands before ids that are no IRIs; `urn:mmel:` unless given. */
  readonly base?: string;
}

const { literal, namedNode, quad } = DataFactory;

/**
 * Entities as RDF, entity by entity. `readRdf` with the same base gives them back, except that RDF knows no value twice:
 * repeated values, and aliases that are the label, come back once. `ENTITY_INVALID` for half a surrogate pair.
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

/** One writer for all, so that prefixes stand once; what it has written is taken after each entity. */
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
  for (const image of entity.images) add(IMAGE, address(image));
  if (entity.url !== undefined) add(PAGE, address(entity.url));
  if (entity.popularity !== undefined) add(FAME, literal(String(entity.popularity)));
  return quads;
}

function iri(make: () => string, { id }: Entity): string {
  try {
    return make();
  } catch (cause) {
    throw new MmelError("ENTITY_INVALID", {
      what: "an id or a property's name holds half of a surrogate pair",
      where: `entity ${JSON.stringify(id)}`,
      cause,
    });
  }
}
