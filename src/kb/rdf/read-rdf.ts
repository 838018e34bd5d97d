import { setImmediate } from "node:timers/promises";
import { counted, type Entity, MmelError, throwIfAborted } from "../../core/index.js";
import { entityFromWire, entitySchema, parseWire, type Read, type WireEntity } from "../../formats/index.js";
import { DEFAULT_BASE } from "../../formats/rdf/index.js";
import { parseRdf } from "./parse.js";
import { createLabels, type EntityRules, entityOfNode } from "./to-entity.js";
import { createTripleStore, MAX_STATEMENTS, type Node, type TripleStore } from "./triple-store.js";

export interface RdfReadOptions {
  /** Languages to read (BCP 47), most preferred first; default: all languages. */
  readonly languages?: readonly string[];
  /** Prefix that is removed from IRIs to form ids, and the base of relative IRIs in Turtle; default `urn:mmel:`. */
  readonly base?: string;
  /**
   * Whether to keep only SKOS concepts; default false. A node without a type counts as a concept if it has a
   * `skos:prefLabel`.
   */
  readonly onlyConcepts?: boolean;
  readonly onWarning?: (warning: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Reads the entities of RDF files, which may be compressed with gzip. Files ending in `.nt` or `.nq` are N-Triples or
 * N-Quads; all other files are Turtle. All files form one graph. The statements about a subject may be in several
 * files, so all statements are first collected on disk (in the system's temporary folder, in bounded memory). Invalid
 * lines and invalid entities are yielded as rejected. The `line` of an entity is its sequence number. `vocabulary.ts`
 * lists the supported vocabularies.
 */
export async function* readRdf(
  files: readonly string[],
  options: RdfReadOptions = {},
): AsyncGenerator<Read<Entity>> {
  const { base = DEFAULT_BASE, languages = [], onlyConcepts = false, signal } = options;
  const rules = { base, onlyConcepts, languages: languages.map((language) => language.toLowerCase()) };
  using triples = createTripleStore();
  for (const [index, file] of files.entries()) {
    const parsing = parseRdf(file, { base, blankPrefix: `f${index}_`, ...(signal && { signal }) });
    for await (const parsed of parsing) {
      throwIfAborted(signal);
      if ("kind" in parsed) yield parsed;
      else triples.add(parsed);
    }
  }
  triples.close();
  yield* entitiesOf(triples, rules, files.join(", "), options);
}

async function* entitiesOf(
  triples: TripleStore,
  rules: EntityRules,
  where: string,
  { onWarning, signal }: RdfReadOptions,
): AsyncGenerator<Read<Entity>> {
  const labels = createLabels(triples, rules.languages);
  let [line, nameless] = [0, 0];
  for (const node of triples.nodes()) {
    throwIfAborted(signal);
    if (node.truncated)
      onWarning?.(
        `${node.subject} has too many statements; only the first ${MAX_STATEMENTS.toLocaleString("en")} are used`,
      );
    const wire = entityOfNode(node, labels, rules);
    if (wire === undefined) nameless += node.subject.startsWith("_:") ? 0 : 1;
    else yield validated(wire, node, ++line, where);
    if (line % 1000 === 0) await setImmediate();
  }
  if (nameless > 0)
    onWarning?.(
      `${counted(nameless, "subject was", "subjects were")} skipped (without a name, or not an entity)`,
    );
}

function validated(wire: WireEntity, { subject }: Node, line: number, file: string): Read<Entity> {
  try {
    return { kind: "record", line, value: entityFromWire(parseWire(entitySchema, wire, "ENTITY_INVALID")) };
  } catch (error) {
    if (!(error instanceof MmelError)) throw error;
    const located = new MmelError(error.code, { ...error.detail, where: `${file}, <${subject}>` });
    return { kind: "rejected", line, id: wire.id, error: located, excerpt: wire.label.slice(0, 200) };
  }
}
