import { DEFAULT_BASE } from "../../formats/rdf/index.js";

// Namespaces, named by their usual prefixes.
const SKOS = "http://www.w3.org/2004/02/skos/core#";
const SKOSXL = "http://www.w3.org/2008/05/skos-xl#";
const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const RDFS = "http://www.w3.org/2000/01/rdf-schema#";
const OWL = "http://www.w3.org/2002/07/owl#";
const FOAF = "http://xmlns.com/foaf/0.1/";
const DCTERMS = "http://purl.org/dc/terms/";
const DC = "http://purl.org/dc/elements/1.1/";
const DBO = "http://dbpedia.org/ontology/";

/**
 * Namespaces of mmel. `MMEL` is for terms that no common vocabulary defines. `PROPERTY` is for an entity's
 * properties: the name of a property is appended to it.
 */
export const MMEL = DEFAULT_BASE;
export const PROPERTY = `${MMEL}property:`;

export const PREFIXES: Readonly<Record<string, string>> = { skos: SKOS, foaf: FOAF, mmel: MMEL, p: PROPERTY };

/** Returns both IRIs of a schema.org term, because data uses https as well as http. */
const schema = (name: string): string[] => [`https://schema.org/${name}`, `http://schema.org/${name}`];

/** Predicates for an entity's label, in descending order of preference. A preferred language takes precedence. */
export const LABELS: readonly string[] = [
  `${SKOS}prefLabel`,
  `${SKOSXL}prefLabel`,
  `${RDFS}label`,
  ...schema("name"),
  `${FOAF}name`,
  `${DCTERMS}title`,
  `${DC}title`,
];
export const ALIASES: readonly string[] = [
  `${SKOS}altLabel`,
  `${SKOSXL}altLabel`,
  `${SKOS}hiddenLabel`,
  `${SKOSXL}hiddenLabel`,
  ...schema("alternateName"),
  `${FOAF}nick`,
];
/**
 * Predicates for the description, in descending order of preference. A value of the first predicate that a node has
 * becomes the entity's description. The values of the node's other predicates in this list become properties.
 */
export const DESCRIPTIONS: readonly string[] = [
  `${SKOS}definition`,
  ...schema("description"),
  `${DCTERMS}description`,
  `${DC}description`,
  `${RDFS}comment`,
  `${SKOS}note`,
  `${SKOS}scopeNote`,
  `${DCTERMS}abstract`,
  `${DBO}abstract`,
];
export const IMAGES: readonly string[] = [
  `${FOAF}depiction`,
  `${FOAF}img`,
  ...schema("image"),
  `${DBO}thumbnail`,
];
export const PAGES: readonly string[] = [
  `${FOAF}page`,
  ...schema("url"),
  `${FOAF}homepage`,
  `${FOAF}isPrimaryTopicOf`,
];
export const POPULARITY: readonly string[] = [`${MMEL}popularity`, "http://wikiba.se/ontology#sitelinks"];

/** Predicates for the text of a node that wraps a literal, such as a SKOS-XL label or a value with a unit. */
export const LITERAL_FORMS: readonly string[] = [`${SKOSXL}literalForm`, `${RDF}value`];

export const TYPE = `${RDF}type`;
export const CONCEPT = `${SKOS}Concept`;

/** Types that are too general to be kept as a property. */
export const EMPTY_TYPES: ReadonlySet<string> = new Set([CONCEPT, `${OWL}NamedIndividual`, `${OWL}Thing`]);

/** Types of nodes that describe the catalogue itself. These nodes are not entities. */
export const META_TYPES: ReadonlySet<string> = new Set([
  `${SKOS}ConceptScheme`,
  `${OWL}Ontology`,
  `${OWL}ObjectProperty`,
  `${OWL}DatatypeProperty`,
  `${OWL}AnnotationProperty`,
  `${RDF}Property`,
  "http://rdfs.org/ns/void#Dataset",
]);

/** Predicates that describe a node's place in this or other catalogues, and do not help to identify the entity. */
export const STRUCTURE: ReadonlySet<string> = new Set([
  ...["inScheme", "topConceptOf", "hasTopConcept", "narrower", "narrowerTransitive", "broaderTransitive"].map(
    (name) => SKOS + name,
  ),
  ...["exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch", "mappingRelation"].map(
    (name) => SKOS + name,
  ),
  `${OWL}sameAs`,
  `${RDFS}seeAlso`,
  `${RDFS}isDefinedBy`,
  `${DCTERMS}modified`,
]);

/** Predicates used by an RDF export. */
export interface Terms {
  readonly type?: string;
  readonly label: string;
  readonly alias: string;
  readonly description: string;
}

export const SKOS_TERMS: Terms = {
  type: CONCEPT,
  label: `${SKOS}prefLabel`,
  alias: `${SKOS}altLabel`,
  description: `${SKOS}definition`,
};
export const PLAIN_TERMS: Terms = {
  label: `${RDFS}label`,
  alias: "https://schema.org/alternateName",
  description: "https://schema.org/description",
};
export const IMAGE_TERM = `${FOAF}depiction`;
export const PAGE_TERM = `${FOAF}page`;
export const POPULARITY_TERM = `${MMEL}popularity`;
