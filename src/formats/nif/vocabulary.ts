/** The vocabularies of NIF 2.0, named by their usual prefixes. */
export const PREFIXES = {
  nif: "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
  itsrdf: "http://www.w3.org/2005/11/its/rdf#",
  xsd: "http://www.w3.org/2001/XMLSchema#",
} as const;

export const nif = (name: string): string => PREFIXES.nif + name;
export const itsrdf = (name: string): string => PREFIXES.itsrdf + name;
export const xsd = (name: string): string => PREFIXES.xsd + name;

export const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

/** Types of parts of a text that are not mentions, unless they are also phrases. */
export const STRUCTURE: ReadonlySet<string> = new Set(
  ["Word", "Sentence", "Paragraph", "Title", "Structure"].map(nif),
);
