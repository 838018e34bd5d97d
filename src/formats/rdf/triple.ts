import type { Quad, Term } from "n3";

export type Literal = { readonly kind: "literal"; readonly value: string; readonly language: string };

/** The object of a statement. */
export type RdfValue = { readonly kind: "iri" | "blank"; readonly value: string } | Literal;

/** A predicate and an object. The subject is known from the context. */
export interface Statement {
  readonly predicate: string;
  readonly object: RdfValue;
}

/** A statement with its subject. The subject is an IRI, or `_:name` for a blank node. The predicate is an IRI. */
export interface Triple extends Statement {
  readonly subject: string;
}

/**
 * Converts a quad to a triple, ignoring its graph. Returns undefined if the subject or the object is itself a
 * statement (RDF-star).
 */
export function tripleOf({ subject, predicate, object }: Quad): Triple | undefined {
  const value = rdfValueOf(object as Term);
  const node = rdfValueOf(subject as Term);
  if (value === undefined || node === undefined || node.kind === "literal") return undefined;
  return { subject: node.value, predicate: predicate.value, object: value };
}

function rdfValueOf(term: Term): RdfValue | undefined {
  if (term.termType === "NamedNode") return { kind: "iri", value: term.value };
  if (term.termType === "BlankNode") return { kind: "blank", value: `_:${term.value}` };
  if (term.termType !== "Literal") return undefined;
  return { kind: "literal", value: term.value, language: term.language.toLowerCase() };
}
