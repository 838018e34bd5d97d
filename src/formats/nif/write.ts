import { DataFactory, type Quad, Writer } from "n3";
import { type Caption, type CaptionLinks, offsetMap } from "../../core/index.js";
import { captionToWire } from "../convert.js";
import { placesOf } from "../places.js";
import type { NifSyntax } from "../record.js";
import type { WireMentionLink } from "../wire.js";
import { contextUri, entityUri, nilUri, phraseUri } from "./uris.js";
import { itsrdf, nif, PREFIXES, TYPE, xsd } from "./vocabulary.js";

export interface NifOptions {
  /** URI prefix of entities whose ids are not URIs; see `entityUri`. Default: `urn:mmel:`. */
  readonly entityBase?: string | undefined;
  /** Default: Turtle. */
  readonly syntax?: NifSyntax;
}

/** A text in NIF, and how many of its mentions have no place in it and were left out. */
export interface NifText {
  readonly text: string;
  readonly unplaced: number;
}

/** Text that must precede the first caption. */
export function nifHeader({ syntax }: NifOptions): string {
  return syntax === "ntriples" ? "" : turtle([]);
}

/**
 * Writes the links of a caption in NIF 2.0: the context, and a phrase for each mention, with the URI of its entity and the
 * probability of the outcome. A mention that is NIL gets a URI of its own (`nilUri`). A mention without offsets is located
 * in the text (see `placesOf`).
 */
export function linksToNif(links: CaptionLinks, text: string, options: NifOptions): NifText {
  return write({ ...links, text }, options, ({ text: name, entity, probability }) => ({
    entity: entity === null ? nilUri(name) : entityUri(entity, options.entityBase),
    confidence: probability,
  }));
}

/** Writes a caption in NIF 2.0, with its gold entities. The picture, and the types of mentions, are left out. */
export function captionToNif(caption: Caption, options: NifOptions): NifText {
  const { mentions = [], ...wire } = captionToWire(caption);
  return write({ ...wire, mentions }, options, ({ text: name, gold }) => {
    if (gold === undefined) return {};
    return { entity: gold === null ? nilUri(name) : entityUri({ id: gold }, options.entityBase) };
  });
}

interface Annotation {
  /** URI of the entity. */
  readonly entity?: string;
  readonly confidence?: number | null;
}

interface Given<Mention> {
  readonly id: string;
  readonly text: string;
  readonly language?: string | undefined;
  readonly mentions: readonly Mention[];
}

function write<Mention extends Pick<WireMentionLink, "text" | "start" | "end">>(
  { id, text, language, mentions }: Given<Mention>,
  { syntax }: NifOptions,
  annotationOf: (mention: Mention) => Annotation,
): NifText {
  const map = offsetMap(text, "codepoint");
  const length = map.fromUtf16({ start: 0, end: text.length }).end;
  const context = contextUri(id, length);
  const quads = [...partQuads(context, "Context", 0, length), contextText(context, text, language)];
  let unplaced = 0;
  for (const [index, span] of placesOf(mentions, text).entries()) {
    if (span === undefined) {
      unplaced += 1;
      continue;
    }
    const { start, end } = map.fromUtf16(span);
    const uri = phraseUri(context, start, end);
    quads.push(...partQuads(uri, "Phrase", start, end));
    quads.push(
      ...phraseQuads(uri, context, text.slice(span.start, span.end), annotationOf(mentions[index]!)),
    );
  }
  const body =
    syntax === "ntriples" ? new Writer({ format: "N-Triples" }).quadsToString(quads) : turtle(quads);
  return { text: body.slice(nifHeader({ ...(syntax && { syntax }) }).length), unplaced };
}

const { literal, namedNode, quad } = DataFactory;

const typed = (value: number, type: string): Quad["object"] => literal(String(value), namedNode(xsd(type)));

const statement = (subject: string, predicate: string, object: Quad["object"]): Quad =>
  quad(namedNode(subject), namedNode(predicate), object);

function partQuads(uri: string, type: "Context" | "Phrase", start: number, end: number): Quad[] {
  return [
    ...[type, "RFC5147String", "String"].map((name) => statement(uri, TYPE, namedNode(nif(name)))),
    statement(uri, nif("beginIndex"), typed(start, "nonNegativeInteger")),
    statement(uri, nif("endIndex"), typed(end, "nonNegativeInteger")),
  ];
}

const LANGUAGE_TAG = /^[a-z]{1,8}(?:-[a-z0-9]{1,8})*$/i;

function contextText(uri: string, text: string, language = ""): Quad {
  return statement(
    uri,
    nif("isString"),
    LANGUAGE_TAG.test(language) ? literal(text, language) : literal(text),
  );
}

function phraseQuads(uri: string, context: string, text: string, { entity, confidence }: Annotation): Quad[] {
  return [
    statement(uri, nif("referenceContext"), namedNode(context)),
    statement(uri, nif("anchorOf"), literal(text)),
    ...(entity === undefined ? [] : [statement(uri, itsrdf("taIdentRef"), namedNode(entity))]),
    ...(confidence == null ? [] : [statement(uri, itsrdf("taConfidence"), typed(confidence, "double"))]),
  ];
}

function turtle(quads: readonly Quad[]): string {
  const writer = new Writer({ prefixes: PREFIXES });
  writer.addQuads([...quads]);
  let text = "";
  writer.end((_, written: string) => {
    text = written;
  });
  return text;
}
