import { Parser } from "n3";
import { MmelError } from "../../core/index.js";
import { bytesOf, excerptOf, linesOf, type Rejected, uncompressedName } from "../../formats/index.js";
import { type Triple, tripleOf } from "./triple-store.js";

/** Number of lines of N-Triples that are parsed at once. */
const BATCH_SIZE = 500;
/**
 * Maximum length of a line, in bytes. Also the maximum length of Turtle text in which no statement ends, for example
 * because a literal is not closed.
 */
const MAX_LENGTH = 16 << 20;

export interface ParseOptions {
  /** Base IRI for relative IRIs in Turtle. */
  readonly base: string;
  /** Prefix for the names of blank nodes. It keeps the blank nodes of different files separate. */
  readonly blankPrefix: string;
  readonly signal?: AbortSignal;
}

/**
 * Yields the statements of an RDF file, which may be compressed with gzip or bzip2. Files ending in `.nt` or
 * `.nq` are N-Triples or N-Quads; all other files are Turtle.
 */
export function parseRdf(file: string, options: ParseOptions): AsyncGenerator<readonly Triple[] | Rejected> {
  const isLines = /\.(nt|nq)$/i.test(uncompressedName(file));
  return isLines ? lineTriples(file, options) : turtleTriples(file, options);
}

interface NumberedLine {
  readonly line: number;
  readonly text: string;
}

/**
 * Yields the statements of N-Triples or N-Quads. Yields each invalid line as rejected (`FORMAT`, `ENCODING` or
 * `LINE_TOO_LONG`) and continues with the next line.
 */
async function* lineTriples(
  file: string,
  { blankPrefix, signal }: ParseOptions,
): AsyncGenerator<readonly Triple[] | Rejected> {
  let batch: NumberedLine[] = [];
  for await (const line of linesOf(bytesOf(file, signal), MAX_LENGTH, file)) {
    if (line.kind === "line") batch.push(line);
    if (line.kind === "line" && batch.length < BATCH_SIZE) continue;
    yield* parseLines(batch, blankPrefix, file);
    batch = [];
    if (line.kind === "bad") yield { ...line, kind: "rejected" };
  }
  yield* parseLines(batch, blankPrefix, file);
}

/** Parses all lines at once, which is fast. If that fails, parses each line separately. */
function* parseLines(
  lines: readonly NumberedLine[],
  blankPrefix: string,
  file: string,
): Generator<readonly Triple[] | Rejected> {
  try {
    yield parseStatements(lines.map(({ text }) => text).join("\n"), blankPrefix);
  } catch {
    for (const line of lines) yield parseLine(line, blankPrefix, file);
  }
}

function parseLine({ line, text }: NumberedLine, blankPrefix: string, file: string) {
  try {
    return parseStatements(text, blankPrefix);
  } catch (cause) {
    const error = new MmelError("FORMAT", {
      what: `the line is not a valid RDF statement (${(cause as Error).message.replace(/ on line \d+\.?$/, "")})`,
      where: `${file}, line ${line}`,
      expected: "subject, predicate, object and a full stop",
      cause,
    });
    return { kind: "rejected", line, error, excerpt: excerptOf(text) } as const;
  }
}

function parseStatements(text: string, blankNodePrefix: string): Triple[] {
  const parser = new Parser({ format: "N-Quads", blankNodePrefix });
  return parser.parse(text).flatMap((quad) => tripleOf(quad) ?? []);
}

/**
 * Yields the statements of Turtle. Throws `FORMAT` at the first syntax error, or if no statement ends within
 * `MAX_LENGTH`. Throws `ENCODING` if the file is not UTF-8.
 */
async function* turtleTriples(file: string, options: ParseOptions): AsyncGenerator<readonly Triple[]> {
  const parser = createTurtleParser(file, options);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let bytesWithoutStatement = 0;
  for await (const chunk of bytesOf(file, options.signal)) {
    parser.feed(decode(decoder, file, chunk));
    const triples = parser.take();
    bytesWithoutStatement = triples.length > 0 ? 0 : bytesWithoutStatement + chunk.length;
    if (bytesWithoutStatement > MAX_LENGTH) throw unclosed(file);
    if (triples.length > 0) yield triples;
  }
  parser.feed(decode(decoder, file));
  parser.end();
  yield parser.take();
}

/**
 * Creates a parser for chunks of Turtle text. After a syntax error, `take` throws. Wraps n3's parser, which expects a
 * stream and does not stop at an error.
 */
function createTurtleParser(file: string, { base, blankPrefix }: ParseOptions) {
  let triples: Triple[] = [];
  let failure: Error | undefined;
  let feed: (text: string) => void = () => {};
  let end: () => void = () => {};
  const input = {
    on(event: string, listener: () => void): void {
      if (event === "data") feed = listener;
      if (event === "end") end = listener;
    },
  };
  const parser = new Parser({ format: "text/turtle", baseIRI: base, blankNodePrefix: blankPrefix });
  parser.parse(input as never, (error, quad) => {
    if (error) failure ??= error;
    const triple = quad && tripleOf(quad);
    if (triple) triples.push(triple);
  });
  return {
    feed: (text: string): void => {
      if (text !== "") feed(text);
    },
    end: (): void => end(),
    take(): readonly Triple[] {
      if (failure !== undefined) throw notTurtle(file, failure);
      const taken = triples;
      triples = [];
      return taken;
    },
  };
}

function decode(decoder: InstanceType<typeof TextDecoder>, file: string, chunk?: Uint8Array): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch (cause) {
    throw new MmelError("ENCODING", { what: "the file is not UTF-8", where: file, cause });
  }
}

function notTurtle(file: string, cause: Error): MmelError {
  return new MmelError("FORMAT", {
    what: `this is not Turtle: ${cause.message.replace(/\.$/, "")}`,
    where: file,
    expected: "Turtle or N-Triples",
    hint: "Convert RDF/XML or JSON-LD first, for example with `riot` or `rapper`.",
    cause,
  });
}

function unclosed(file: string): MmelError {
  return new MmelError("FORMAT", {
    what: `no statement ends within ${MAX_LENGTH >> 20} MiB; a quotation mark may be missing`,
    where: file,
    expected: "Turtle or N-Triples",
  });
}
