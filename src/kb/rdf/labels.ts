import { type Languages, type Literal, preferred } from "./language.js";
import type { RdfValue } from "./triple.js";
import type { Statement, TripleStore } from "./triple-store.js";
import { LABELS, LITERAL_FORMS } from "./vocabulary.js";

/** What other nodes are called, for the values of properties. */
export interface Labels {
  /** The label of a node; undefined when the files do not say. */
  labelOf(node: string): string | undefined;
  /** A value as literals: itself, or what a blank node holds (SKOS-XL). */
  literalsOf(object: RdfValue): readonly Literal[];
}

const KEPT = 20_000;

export function createLabels(triples: TripleStore, languages: Languages): Labels {
  const kept = new Map<string, string | undefined>();
  const find = (node: string): string | undefined => {
    const said = triples.about(node, [...LABELS, ...LITERAL_FORMS]);
    const ordered = [...LABELS, ...LITERAL_FORMS].flatMap((predicate) =>
      said.flatMap((one) => (one.predicate === predicate ? (literal(one) ?? []) : [])),
    );
    return preferred(ordered, languages)?.value;
  };
  return {
    labelOf(node) {
      if (kept.has(node)) return kept.get(node);
      if (kept.size >= KEPT) kept.clear();
      const label = find(node);
      kept.set(node, label);
      return label;
    },
    literalsOf(object) {
      if (object.kind === "literal") return [object];
      return triples.about(object.value, LITERAL_FORMS).flatMap((one) => literal(one) ?? []);
    },
  };
}

const literal = ({ object }: Statement): Literal | undefined =>
  object.kind === "literal" && object.value.trim() !== "" ? object : undefined;
