import { Parser } from "n3";
import { MmelError } from "../../core/index.js";
import { bytesOf, excerptOf, linesOf, type Rejected } from "../../formats/index.js";
import { type Triple, tripleOf } from "./triple.js";

const BATCH = 500;
const LONGEST = 16 << 20;

interface NumberedLine {
  readonly line: number;
  readonly text: string;
}

/**
 * The statements of an N-Triples or N-Quads file, plain or gzip. A bad line costs only itself (`FORMAT`, `ENCODING`,
 * `LINE_TOO_LONG`).
 */
export async function* lineTriples(
  file: string,
  blankPrefix: string,
  signal?: AbortSignal,
): AsyncGenerator<readonly Triple[] | Rejected> {
  let batch: NumberedLine[] = [];
  for await (const line of linesOf(bytesOf(file, signal), LONGEST, file)) {
    if (line.kind === "line") batch.push(line);
    if (line.kind === "line" && batch.length < BATCH) continue;
    yield* parsed(batch, blankPrefix, file);
    batch = [];
    if (line.kind === "bad") yield { ...line, kind: "rejected" };
  }
  yield* parsed(batch, blankPrefix, file);
}

/** All lines at once, which is fast; when that fails, one by one. */
function* parsed(
  lines: readonly NumberedLine[],
  blankPrefix: string,
  file: string,
): Generator<readonly Triple[] | Rejected> {
  try {
    yield triplesOf(lines.map(({ text }) => text).join("\n"), blankPrefix);
  } catch {
    for (const line of lines) yield parsedLine(line, blankPrefix, file);
  }
}

function parsedLine({ line, text }: NumberedLine, blankPrefix: string, file: string) {
  try {
    return triplesOf(text, blankPrefix);
  } catch (cause) {
    const error = new MmelError("FORMAT", {
      what: `the line is no statement (${(cause as Error).message.replace(/ on line \d+\.?$/, "")})`,
      where: `${file}, line ${line}`,
      expected: "subject, predicate, object and a full stop",
      cause,
    });
    return { kind: "rejected", line, error, excerpt: excerptOf(text) } as const;
  }
}

function triplesOf(text: string, blankNodePrefix: string): Triple[] {
  const parser = new Parser({ format: "N-Quads", blankNodePrefix });
  return parser.parse(text).flatMap((quad) => tripleOf(quad) ?? []);
}
