import type { Quad, Term } from "n3";

/** What a statement says of its subject. */
export type RdfValue =
  | { readonly kind: "iri" | "blank"; readonly value: string }
  | { readonly kind: "literal"; readonly value: string; readonly language: string };

/** Subject and predicate by IRI, a blank node as `_:name`. */
export interface Triple {
  readonly subject: string;
  readonly predicate: string;
  readonly object: RdfValue;
}

/** The triple of a quad, its graph left out; undefined for a statement about a statement. */
export function tripleOf({ subject, predicate, object }: Quad): Triple | undefined {
  const value = valueOfTerm(object as Term);
  const node = valueOfTerm(subject as Term);
  if (value === undefined || node === undefined || node.kind === "literal") return undefined;
  return { subject: node.value, predicate: predicate.value, object: value };
}

function valueOfTerm(term: Term): RdfValue | undefined {
  if (term.termType === "NamedNode") return { kind: "iri", value: term.value };
  if (term.termType === "BlankNode") return { kind: "blank", value: `_:${term.value}` };
  if (term.termType !== "Literal") return undefined;
  return { kind: "literal", value: term.value, language: term.language.toLowerCase() };
}
