/** Default IRI prefix for ids that are not IRIs: the namespace of mmel. */
export const DEFAULT_BASE = "urn:mmel:";

const SAFE_IRI = /^(?:https?:\/\/|urn:)[^\s<>"{}|\\^`\p{Cc}\p{Cs}]+$/u;

/** Returns whether a text is an http, https or urn IRI that needs no escaping. */
export function isIri(text: string): boolean {
  return SAFE_IRI.test(text);
}

/**
 * Returns the IRI of an id: the id itself if it is an IRI that does not start with `base`, otherwise `base` followed
 * by the percent-encoded id. `idOfIri` reverses this. Throws `URIError` if the id contains a lone surrogate.
 */
export function iriOfId(id: string, base: string): string {
  return isIri(id) && !id.startsWith(base) ? id : base + encodeURIComponent(id);
}

/** Returns the id of an IRI: the decoded part after `base`, or the complete IRI if it does not start with `base`. */
export function idOfIri(iri: string, base: string): string {
  return iri.startsWith(base) && iri.length > base.length ? decodePercent(iri.slice(base.length)) : iri;
}

/** Returns the last part of an IRI in readable form: `http://dbpedia.org/resource/New_York` → `New York`. */
export function localName(iri: string): string {
  const last = /[^/#:]+(?=[/#:]*$)/.exec(iri)?.[0];
  return last === undefined ? iri : decodePercent(last).replaceAll("_", " ");
}

/** Decodes percent-encoding. Returns the text unchanged if the encoding is invalid. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
