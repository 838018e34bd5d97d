import type { Entity } from "../../core/index.js";
import { DEFAULT_BASE, idOfIri, iriOfId, isIri } from "../rdf/iri.js";

/** URI prefix of captions whose ids are not URIs. */
const CAPTION = `${DEFAULT_BASE}caption:`;
/** The end of the URI of a text or a part of it: its offsets (RFC 5147). */
const OFFSETS = /#char=\d*,\d*$/;

/** Returns the URI of a caption's context: its id if that is a URI, so that the URIs of NIF documents are kept. */
export function contextUri(id: string, length: number): string {
  const uri = iriOfId(id, CAPTION);
  return uri.startsWith(CAPTION) ? `${uri}#char=0,${length}` : uri;
}

/** Returns the id of the caption with this context; reverses `contextUri`. */
export function captionId(uri: string): string {
  return uri.startsWith(CAPTION) ? idOfIri(uri.replace(OFFSETS, ""), CAPTION) : uri;
}

/** Returns the URI of the part of a context from `start` to `end`, in code points. */
export function phraseUri(context: string, start: number, end: number): string {
  const document = context.replace(OFFSETS, "");
  return `${document}${document.includes("#") ? "&" : "#"}char=${start},${end}`;
}

const WIKIDATA = "http://www.wikidata.org/entity/";
const WIKIDATA_ID = /^Q[1-9]\d*$/;
const WIKIDATA_URI = /^https?:\/\/(?:www\.)?wikidata\.org\/(?:entity|wiki)\/(Q[1-9]\d*)$/;

const isWebUri = (text: string): boolean => isIri(text) && !text.startsWith("urn:");

/**
 * Returns the URI of an entity: its id if that is a web address, the Wikidata URI of an id such as Q42, the entity's
 * `url`, or `base` with the percent-encoded id.
 */
export function entityUri({ id, url }: Pick<Entity, "id" | "url">, base: string = DEFAULT_BASE): string {
  if (isWebUri(id)) return id;
  if (WIKIDATA_ID.test(id)) return WIKIDATA + id;
  return url !== undefined && isWebUri(url) ? url : iriOfId(id, base);
}

/** URI prefixes of entities that are not in the knowledge base: that of mmel, and the one in data sets of GERBIL. */
const NIL = [`${DEFAULT_BASE}nil:`, "http://aksw.org/notInWiki/"] as const;

/** Returns the URI of an entity that is not in the knowledge base and has the given name. */
export const nilUri = (name: string): string => NIL[0] + encodeURIComponent(name);

/**
 * Returns the id of the first URI that names an entity; null if there are only URIs of entities that are not in the
 * knowledge base; undefined if there are no URIs. Reverses `entityUri`, except for the `url` of an entity.
 */
export function goldOf(uris: readonly string[], base: string = DEFAULT_BASE): string | null | undefined {
  const named = uris.find((uri) => !NIL.some((prefix) => uri.startsWith(prefix)));
  if (named === undefined) return uris.length === 0 ? undefined : null;
  return WIKIDATA_URI.exec(named)?.[1] ?? idOfIri(named, base);
}
