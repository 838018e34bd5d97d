import { isAscii, isUtf8 } from "node:buffer";
import { type Collector, createCollector } from "./collect.js";
import { hasId } from "./id-set.js";
import { isUnwanted, needlesOf, quickLabel, quickNumber } from "./quick-filter.js";
import type { BadLine, Lines, Scanned } from "./scanned.js";
import { isFiltered, type WikidataSettings } from "./settings.js";

type Encoding = "latin1" | "utf8";

/** Longest line in bytes. Wikidata's own limit for a page is a fourth of it. */
export const MAX_LINE = 16 << 20;
const LINE_FEED = 0x0a;
const COMMA = 0x2c;
const [OPEN, CLOSE, BRACE, CLOSING_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Reads lines of a dump: each an entity, an answer of the service, a redirect, or a bracket of the array around them.
 * A line that the filter certainly does not want gives its label and is not parsed.
 */
export function scanLines({ bytes, line }: Lines, settings: WikidataSettings, limit = MAX_LINE): Scanned {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const encoding = isAscii(all) ? "latin1" : isUtf8(all) ? "utf8" : undefined;
  const passOver = passerOver(settings, encoding);
  const collector = createCollector(settings);
  let [opened, closed] = [false, false];
  let start = 0;
  for (let number = line; start < all.length; number++) {
    const feed = all.indexOf(LINE_FEED, start);
    const bare = withoutBrackets(all, start, feed < 0 ? all.length : feed);
    opened ||= bare.opened;
    closed ||= bare.closed;
    if (bare.text.length > limit) {
      const excerpt = bare.text.toString("latin1", 0, 200);
      collector.reject({ line: number, text: excerpt }, "LINE_TOO_LONG", tooLong(bare.text.length, limit));
    } else if (bare.text.length > 0 && !passOver(bare.text, collector)) {
      read(bare.text, encoding, number, bare.opened, collector);
    }
    start = feed < 0 ? all.length : feed + 1;
  }
  return { ...collector.result(), opened, closed };
}

/** What is wrong with a line of more bytes than the limit. */
export function tooLong(bytes: number, limit: number): BadLine["detail"] {
  return {
    what: `the line has ${bytes.toLocaleString("en")} bytes`,
    expected: `at most ${limit.toLocaleString("en")}`,
  };
}

/** A line without blanks, the comma behind an entity, and the brackets of the array around all of them. */
function withoutBrackets(all: Buffer, from: number, to: number) {
  let [start, end] = [from, to];
  while (start < end && isBlank(all[start]!)) start++;
  while (start < end && (isBlank(all[end - 1]!) || all[end - 1] === COMMA)) end--;
  const opened = all[start] === OPEN && start < end && (end - start === 1 || all[start + 1] === BRACE);
  if (opened) start++;
  const closed =
    start < end && all[end - 1] === CLOSE && (end - start === 1 || all[end - 2] === CLOSING_BRACE);
  if (closed) end--;
  return { text: all.subarray(start, end), opened, closed };
}

const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0d;

function passerOver(settings: WikidataSettings, encoding: Encoding | undefined) {
  const { ids, instanceOf, languages } = settings;
  const needles = needlesOf(instanceOf);
  return (text: Buffer, collector: Collector): boolean => {
    const number = encoding !== undefined && isFiltered(settings) ? quickNumber(text) : undefined;
    if (encoding === undefined || number === undefined) return false;
    if ((ids !== undefined && hasId(ids, number)) || !isUnwanted(text, needles)) return false;
    const label = quickLabel(text, languages, encoding);
    if (label.kind === "sure" && label.text !== undefined) collector.label(number, label.text);
    return label.kind === "sure";
  };
}

function read(
  bytes: Buffer,
  encoding: Encoding | undefined,
  line: number,
  opened: boolean,
  collector: Collector,
): void {
  const text = decoded(bytes, encoding);
  if (text === undefined) {
    const at = { line, text: bytes.toString("latin1", 0, 200) };
    collector.reject(at, "ENCODING", { what: "the line is not UTF-8", expected: "UTF-8 text" });
    return;
  }
  const value = parsed(opened ? `[${text}]` : text); // the line with the opening bracket may hold several entities
  if (value.kind === "json") collector.add(value.json, { line, text });
  else {
    const what = `the line is not JSON (${value.why})`;
    collector.reject({ line, text }, "FORMAT", { what, expected: "one entity of Wikidata a line" });
  }
}

type Parsed =
  | { readonly kind: "json"; readonly json: unknown }
  | { readonly kind: "bad"; readonly why: string };

function parsed(text: string): Parsed {
  try {
    return { kind: "json", json: JSON.parse(text) };
  } catch (error) {
    return { kind: "bad", why: (error as Error).message };
  }
}

function decoded(bytes: Buffer, encoding: Encoding | undefined): string | undefined {
  if (encoding !== undefined) return bytes.toString(encoding);
  return isUtf8(bytes) ? bytes.toString("utf8") : undefined;
}
