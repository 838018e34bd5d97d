import { setImmediate } from "node:timers/promises";
import { type Entity, MmelError, throwIfAborted } from "../../core/index.js";
import { entityFromWire, entitySchema, parseWire, type Read, type WireEntity } from "../../formats/index.js";
import { DEFAULT_BASE } from "./iri.js";
import { createLabels } from "./labels.js";
import { lineTriples } from "./lines.js";
import { turtleTriples } from "./parse.js";
import { entityOfNode } from "./to-entity.js";
import { createTripleStore, type Node, type TripleStore } from "./triple-store.js";

export interface RdfReadOptions {
  /** BCP 47, the most wanted first; none: every language. */
  readonly languages?: readonly string[];
  /** What ids leave out of their IRIs; `urn:mmel:` unless given. */
  readonly base?: string;
  /** Take SKOS concepts alone. */
  readonly onlyConcepts?: boolean;
  readonly onWarning?: (warning: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * The entities of RDF files: N-Triples and N-Quads (`.nt`, `.nq`), else Turtle; plain or gzip. All files are one graph, and
 * what is said of one subject may stand anywhere in them: statements are first gathered on disk, in the system's
 * temporary folder, in bounded memory. Bad lines and entities come out as rejected; an entity's `line` is its number. The
 * vocabularies: `vocabulary.ts`.
 */
export async function* readRdf(
  files: readonly string[],
  options: RdfReadOptions = {},
): AsyncGenerator<Read<Entity>> {
  using triples = createTripleStore();
  for (const [at, file] of files.entries()) {
    for await (const found of triplesOf(file, `f${at}_`, options)) {
      throwIfAborted(options.signal);
      if ("kind" in found) yield found;
      else triples.add(found);
    }
  }
  triples.close();
  yield* entitiesIn(triples, files, options);
}

function triplesOf(
  file: string,
  blankPrefix: string,
  { base = DEFAULT_BASE, signal }: RdfReadOptions,
): ReturnType<typeof lineTriples> {
  if (/\.(nt|nq)(\.gz)?$/i.test(file)) return lineTriples(file, blankPrefix, signal);
  return turtleTriples(file, { base, blankPrefix, ...(signal && { signal }) });
}

async function* entitiesIn(
  triples: TripleStore,
  files: readonly string[],
  options: RdfReadOptions,
): AsyncGenerator<Read<Entity>> {
  const languages = (options.languages ?? []).map((language) => language.toLowerCase());
  const rules = {
    base: options.base ?? DEFAULT_BASE,
    languages,
    onlyConcepts: options.onlyConcepts ?? false,
  };
  const labels = createLabels(triples, languages);
  const where = files.join(", ");
  let [line, nameless] = [0, 0];
  for (const node of triples.nodes()) {
    throwIfAborted(options.signal);
    if (node.cut)
      options.onWarning?.(
        `${node.subject} has very many statements; those after the first 10,000 are left out`,
      );
    const wire = entityOfNode(node, labels, rules);
    if (wire === undefined) nameless += node.subject.startsWith("_:") ? 0 : 1;
    else yield checked(wire, node, ++line, where);
    if (line % 1000 === 0) await setImmediate();
  }
  if (nameless > 0) options.onWarning?.(`${nameless} subjects without a name are no entities`);
}

function checked(wire: WireEntity, { subject }: Node, line: number, file: string): Read<Entity> {
  try {
    return { kind: "record", line, value: entityFromWire(parseWire(entitySchema, wire, "ENTITY_INVALID")) };
  } catch (error) {
    if (!(error instanceof MmelError)) throw error;
    const located = new MmelError(error.code, { ...error.detail, where: `${file}, <${subject}>` });
    return { kind: "rejected", line, id: wire.id, error: located, excerpt: wire.label.slice(0, 200) };
  }
}
