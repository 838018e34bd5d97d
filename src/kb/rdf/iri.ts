import { MMEL } from "./vocabulary.js";

/** The default prefix of ids that are not IRIs. */
export const DEFAULT_BASE = MMEL;

const SAFE_IRI = /^(?:https?:\/\/|urn:)[^\s<>"{}|\\^`\p{Cc}\p{Cs}]+$/u;

/** Whether a text can be used as an IRI without escaping. */
export function isIri(text: string): boolean {
  return SAFE_IRI.test(text);
}

/** The IRI of an id: the id itself if it is an IRI, else the percent-encoded id after `base`. `idOfIri` reverses it for every id. */
export function iriOfId(id: string, base: string): string {
  return isIri(id) && !id.startsWith(base) ? id : base + encodeURIComponent(id);
}

/** The id of an IRI: the decoded part after `base`, or the whole IRI. */
export function idOfIri(iri: string, base: string): string {
  return iri.startsWith(base) && iri.length > base.length ? decodePercent(iri.slice(base.length)) : iri;
}

/** The last part of an IRI in readable form: `http://dbpedia.org/resource/New_York` → `New York`. */
export function localName(iri: string): string {
  const last = /[^/#:]+(?=[/#:]*$)/.exec(iri)?.[0];
  return last === undefined ? iri : decodePercent(last).replaceAll("_", " ");
}

/** Decodes percent-encoding; returns the text unchanged if the encoding is invalid. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
