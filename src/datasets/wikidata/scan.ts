import { isAscii, isUtf8 } from "node:buffer";
import { type BadLine, type Collected, type Collector, createCollector } from "./collect.js";
import { hasId } from "./id-set.js";
import { parseJson } from "./item-json.js";
import { isUnwanted, needlesOf, quickLabel, quickNumber } from "./quick-filter.js";
import { isFiltered, type WikidataSettings } from "./settings.js";

/** Complete lines of a dump. */
export interface Lines {
  readonly bytes: Uint8Array;
  /** Number of the first line, counted from 1. */
  readonly line: number;
}

/** The contents of some lines, and whether the lines include the brackets of the array around the entities. */
export interface Scanned extends Collected {
  readonly opened: boolean;
  readonly closed: boolean;
}

type Encoding = "latin1" | "utf8";

/** Default maximum length of a line in bytes: four times Wikidata's own limit for a page. */
export const MAX_LINE = 16 << 20;
const LINE_FEED = 0x0a;
const COMMA = 0x2c;
const [OPEN, CLOSE, BRACE, CLOSING_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Scans lines of a dump. A line is an entity, an API response, a redirect, or a bracket of the array around the
 * entities. If a line certainly does not pass the filter, extracts only its label and does not parse the line.
 */
export function scanLines({ bytes, line }: Lines, settings: WikidataSettings, limit = MAX_LINE): Scanned {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const encoding = isAscii(all) ? "latin1" : isUtf8(all) ? "utf8" : undefined;
  const skipUnparsed = createSkipper(settings, encoding);
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
    } else if (bare.text.length > 0 && !skipUnparsed(bare.text, collector)) {
      parseLine(bare.text, encoding, number, bare.opened, collector);
    }
    start = feed < 0 ? all.length : feed + 1;
  }
  return { ...collector.result(), opened, closed };
}

/** Returns the error detail for a line with more bytes than the limit. */
export function tooLong(bytes: number, limit: number): BadLine["detail"] {
  return {
    what: `the line is too long: ${bytes.toLocaleString("en")} bytes`,
    expected: `at most ${limit.toLocaleString("en")} bytes`,
  };
}

/**
 * Strips whitespace, the comma after an entity, and the brackets of the array around all entities. `opened` and
 * `closed` record whether the line contained the opening and the closing bracket.
 */
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

/**
 * Creates a function that tries to process a line without parsing it. The function returns true if it succeeded, and
 * false if the line must be parsed.
 */
function createSkipper(settings: WikidataSettings, encoding: Encoding | undefined) {
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

function parseLine(
  bytes: Buffer,
  encoding: Encoding | undefined,
  line: number,
  opened: boolean,
  collector: Collector,
): void {
  const text = decoded(bytes, encoding);
  if (text === undefined) {
    const source = { line, text: bytes.toString("latin1", 0, 200) };
    collector.reject(source, "ENCODING", { what: "the line is not UTF-8", expected: "UTF-8 text" });
    return;
  }
  const source = { line, text };
  const parsed = parseJson(opened ? `[${text}]` : text); // the line with the bracket may contain several entities
  if (parsed.kind === "json") collector.add(parsed.json, source);
  else {
    const what = `the line is not JSON (${parsed.why})`;
    collector.reject(source, "FORMAT", { what, expected: "one Wikidata entity per line" });
  }
}

function decoded(bytes: Buffer, encoding: Encoding | undefined): string | undefined {
  if (encoding !== undefined) return bytes.toString(encoding);
  return isUtf8(bytes) ? bytes.toString("utf8") : undefined;
}
