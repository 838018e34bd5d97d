import { MmelError, type OffsetMap, offsetMap } from "../../core/index.js";
import { quoted } from "../convert.js";
import { excerptOf } from "../lines.js";
import { type Literal, type Triple, turtleTriples } from "../rdf/index.js";
import { isIri } from "../rdf/iri.js";
import { type Raw, type Rejected, reject } from "../record.js";
import type { WireCaption } from "../wire.js";
import { captionId, goldOf } from "./uris.js";
import { itsrdf, nif, STRUCTURE, TYPE } from "./vocabulary.js";

/** Maximum size of a document, without compression, because its statements may be in any order. */
const MAX_BYTES = 64 << 20;
const MAX_STATEMENTS = 1_000_000;
/** Maximum number of values of a predicate of a subject; more are ignored. */
const MAX_VALUES = 100;
/** Maximum number of bytes of one statement, and so also the depth of blank nodes inside each other. */
const MAX_STATEMENT_BYTES = 1 << 20;

/** What a document says about a subject: the values of each predicate, in the order of the document. */
type Resource = ReadonlyMap<string, readonly Value[]>;
type Value = Triple["object"];

/**
 * Reads a document in NIF 2.0 (Turtle or N-Triples) and yields a caption for each context, in the order of the document:
 * its id is the context's URI, and its mentions are the phrases of the context. `start` and `end` are converted to UTF-16
 * code units. A context that is not valid is yielded as rejected (`CAPTION_INVALID` or `OFFSETS`). Throws `FORMAT` if the
 * document is not Turtle or exceeds a limit, and `ENCODING` if it is not UTF-8. `line` counts the contexts. Keeps the
 * statements that it uses in memory.
 */
export async function* nifRecords(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  entityBase?: string,
): AsyncGenerator<Raw | Rejected> {
  const { resources, parts } = await resourcesOf(chunks, file);
  const phrases = phrasesByContext(resources, parts);
  const contexts = [...resources].filter(([, resource]) => isContext(resource)).map(([uri]) => uri);
  let line = 0;
  for (const uri of new Set([...contexts, ...phrases.keys()])) {
    const raw = { kind: "raw", line: ++line, node: uri, text: "" } as const;
    try {
      const wire = captionOf(uri, resources.get(uri), phrases.get(uri) ?? [], entityBase);
      yield { ...raw, text: wire.text, wire };
    } catch (error) {
      if (!(error instanceof MmelError)) throw error;
      const located = new MmelError(error.code, { ...error.detail, where: `${file}, <${uri}>` });
      yield reject({ ...raw, wire: { id: captionId(uri) } }, located);
    }
  }
}

const REFERENCE = nif("referenceContext");
const USED: ReadonlySet<string> = new Set([
  TYPE,
  REFERENCE,
  ...["isString", "beginIndex", "endIndex", "anchorOf"].map(nif),
  itsrdf("taIdentRef"),
]);

async function resourcesOf(
  chunks: AsyncIterable<Uint8Array>,
  where: string,
): Promise<{
  readonly resources: ReadonlyMap<string, Resource>;
  /** URIs of contexts and of their parts, in the order of the document. */
  readonly parts: readonly (readonly [context: string, part: string])[];
}> {
  const parts: [string, string][] = [];
  const resources = new Map<string, Map<string, Value[]>>();
  let statements = 0;
  const options = { where, maxStatementBytes: MAX_STATEMENT_BYTES };
  for await (const triples of turtleTriples(limited(chunks, where), options)) {
    statements += triples.length;
    if (statements > MAX_STATEMENTS)
      throw tooLarge(where, `${MAX_STATEMENTS.toLocaleString("en")} statements`);
    for (const { subject, predicate, object } of triples) {
      if (!USED.has(predicate)) continue;
      const resource = resources.get(subject) ?? new Map<string, Value[]>();
      resources.set(subject, resource);
      const values = resource.get(predicate) ?? [];
      resource.set(predicate, values);
      if (values.length >= MAX_VALUES || values.some((value) => isSame(value, object))) continue;
      values.push(object);
      if (predicate === REFERENCE) parts.push([object.value, subject]);
    }
  }
  return { resources, parts };
}

const isSame = (a: Value, b: Value): boolean => a.value === b.value && a.kind === b.kind;

async function* limited(chunks: AsyncIterable<Uint8Array>, where: string): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw tooLarge(where, `${MAX_BYTES >> 20} MiB`);
    yield chunk;
  }
}

const tooLarge = (where: string, most: string): MmelError =>
  new MmelError("FORMAT", {
    what: "the NIF document is too large",
    where,
    expected: `at most ${most}`,
    hint: "Divide it into several documents.",
  });

const valuesOf = (resource: Resource | undefined, predicate: string): readonly Value[] =>
  resource?.get(predicate) ?? [];
const urisOf = (resource: Resource | undefined, predicate: string): string[] =>
  valuesOf(resource, predicate).flatMap(({ kind, value }) => (kind === "iri" ? [value] : []));

const isContext = (resource: Resource): boolean =>
  urisOf(resource, TYPE).includes(nif("Context")) || resource.has(nif("isString"));

/**
 * A mention is a phrase, a part of the text with an entity, or any other part of the text that is not a word, a sentence
 * and the like. A mention of the complete text has the same URI as the context.
 */
function isMention(resource: Resource): boolean {
  const types = urisOf(resource, TYPE);
  if (types.includes(nif("Phrase")) || resource.has(itsrdf("taIdentRef"))) return true;
  return !isContext(resource) && !types.some((type) => STRUCTURE.has(type));
}

type Phrase = readonly [uri: string, resource: Resource];

function phrasesByContext(
  resources: ReadonlyMap<string, Resource>,
  parts: readonly (readonly [context: string, part: string])[],
): ReadonlyMap<string, readonly Phrase[]> {
  const phrases = new Map<string, Phrase[]>();
  for (const [context, uri] of parts) {
    const resource = resources.get(uri)!;
    if (!isMention(resource)) continue;
    const found = phrases.get(context) ?? [];
    phrases.set(context, found);
    found.push([uri, resource]);
  }
  return phrases;
}

function captionOf(
  uri: string,
  context: Resource | undefined,
  phrases: readonly Phrase[],
  entityBase: string | undefined,
): WireCaption {
  if (!isIri(uri))
    throw invalid("the URI of the context cannot be kept", "an absolute http, https or urn URI");
  const { value: text, language } = textOf(context);
  const offsets = offsetMap(text, "codepoint");
  return {
    id: captionId(uri),
    text,
    ...(language !== "" && { language }),
    mentions: phrases.map(([name, phrase]) => {
      const gold = goldOf(urisOf(phrase, itsrdf("taIdentRef")), entityBase);
      return { ...placeOf(name, phrase, text, offsets), ...(gold !== undefined && { gold }) };
    }),
  };
}

function textOf(context: Resource | undefined): Literal {
  const [text, ...others] = valuesOf(context, nif("isString"));
  if (text?.kind !== "literal")
    throw invalid(
      "the context has no text",
      "a text in `nif:isString`, also if only phrases refer to the context",
    );
  if (others.length > 0) throw invalid("the context has several texts", "one text in `nif:isString`");
  return text;
}

/** Returns the text and the offsets of a phrase. A phrase without offsets is a mention without a place. */
function placeOf(
  uri: string,
  phrase: Resource,
  text: string,
  offsets: OffsetMap,
): { readonly text: string; readonly start?: number; readonly end?: number } {
  const anchor = valuesOf(phrase, nif("anchorOf"))[0]?.value;
  const [start, end] = [offsetOf(uri, phrase, "beginIndex"), offsetOf(uri, phrase, "endIndex")];
  if (start === undefined && end === undefined && anchor !== undefined) return { text: anchor };
  if (start === undefined || end === undefined)
    throw invalid(`the phrase ${shown(uri)} has no place`, "`nif:beginIndex` and `nif:endIndex`");
  const span = converted(uri, () => offsets.toUtf16({ start, end }));
  const found = text.slice(span.start, span.end);
  if (anchor !== undefined && anchor !== found)
    throw new MmelError("OFFSETS", {
      what: `the phrase ${shown(uri)} is ${quoted(anchor)}, but the text from ${start} to ${end} is ${quoted(found)}`,
      hint: "Count `nif:beginIndex` and `nif:endIndex` in Unicode code points.",
    });
  return { text: found, ...span };
}

function offsetOf(uri: string, phrase: Resource, name: "beginIndex" | "endIndex"): number | undefined {
  const [value, ...others] = valuesOf(phrase, nif(name));
  if (value === undefined) return undefined;
  if (others.length === 0 && value.kind === "literal" && /^\d{1,9}$/.test(value.value))
    return Number(value.value);
  throw new MmelError("OFFSETS", {
    what: `nif:${name} of the phrase ${shown(uri)} is ${quoted(value.value)}${others.length > 0 ? ", and also another value" : ""}`,
    expected: "one whole number",
  });
}

function converted<T>(uri: string, convert: () => T): T {
  try {
    return convert();
  } catch (error) {
    if (!(error instanceof MmelError)) throw error;
    throw new MmelError(error.code, {
      ...error.detail,
      what: `the phrase ${shown(uri)}: ${error.detail.what}`,
    });
  }
}

const shown = (uri: string): string => `<${excerptOf(uri)}>`;

const invalid = (what: string, expected: string): MmelError =>
  new MmelError("CAPTION_INVALID", { what, expected });
