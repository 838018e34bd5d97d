export { type RdfReadOptions, readRdf } from "./read-rdf.js";
export { type RdfWriteOptions, rdfLines } from "./write-rdf.js";
