import { MMEL } from "./vocabulary.js";

/** Below which ids that are no IRIs stand, unless told otherwise. */
export const DEFAULT_BASE = MMEL;

const SOUND = /^(?:https?:\/\/|urn:)[^\s<>"{}|\\^`\p{Cc}\p{Cs}]+$/u;

/** Whether a text can stand as an IRI just as it is. */
export function isIri(text: string): boolean {
  return SOUND.test(text);
}

/** The IRI of an id: itself when it is one, else written below `base`. `idOfIri` gives every id back. */
export function iriOfId(id: string, base: string): string {
  return isIri(id) && !id.startsWith(base) ? id : base + encodeURIComponent(id);
}

/** The id of an IRI: what follows `base`, else the IRI. */
export function idOfIri(iri: string, base: string): string {
  return iri.startsWith(base) && iri.length > base.length ? decoded(iri.slice(base.length)) : iri;
}

/** The last part of an IRI, as a person would write it: `http://dbpedia.org/resource/New_York` → `New York`. */
export function localName(iri: string): string {
  const last = /[^/#:]+(?=[/#:]*$)/.exec(iri)?.[0];
  return last === undefined ? iri : decoded(last).replaceAll("_", " ");
}

/** A percent-encoded text as it was, or as it stands when it is not well encoded. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
