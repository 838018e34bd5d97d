export { DEFAULT_BASE, decodePercent, idOfIri, iriOfId, isIri, localName } from "./iri.js";
export { type Literal, type RdfValue, type Statement, type Triple, tripleOf } from "./triple.js";
export { type TurtleOptions, turtleTriples } from "./turtle.js";
