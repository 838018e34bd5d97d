import { Parser } from "n3";
import { MmelError } from "../../core/index.js";
import { bytesOf, excerptOf, linesOf, type Rejected, uncompressedName } from "../../formats/index.js";
import { type Triple, tripleOf, turtleTriples } from "../../formats/rdf/index.js";

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
  if (isLines) return lineTriples(file, options);
  const { signal, ...turtle } = options;
  return turtleTriples(bytesOf(file, signal), { ...turtle, where: file, maxStatementBytes: MAX_LENGTH });
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
