import { Parser } from "n3";
import { MmelError } from "../../core/index.js";
import { type Triple, tripleOf } from "./triple.js";

export interface TurtleOptions {
  /** Name of the source, for error messages. */
  readonly where: string;
  /** Base IRI for relative IRIs. Without it, relative IRIs are not resolved. */
  readonly base?: string;
  /** Prefix for the names of blank nodes. It keeps the blank nodes of different sources separate. */
  readonly blankPrefix?: string;
  /** Maximum number of bytes in which no statement ends, for example because a literal is not closed. */
  readonly maxStatementBytes: number;
}

/**
 * Yields the statements of Turtle, and of N-Triples, which are Turtle, too. Throws `FORMAT` at the first syntax error, or
 * if no statement ends within `maxStatementBytes`. Throws `ENCODING` if the bytes are not UTF-8.
 */
export async function* turtleTriples(
  chunks: AsyncIterable<Uint8Array>,
  options: TurtleOptions,
): AsyncGenerator<readonly Triple[]> {
  const { where, maxStatementBytes } = options;
  const parser = createTurtleParser(options);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let bytesWithoutStatement = 0;
  for await (const chunk of chunks) {
    parser.feed(decode(decoder, where, chunk));
    const triples = parser.take();
    bytesWithoutStatement = triples.length > 0 ? 0 : bytesWithoutStatement + chunk.length;
    if (bytesWithoutStatement > maxStatementBytes) throw unclosed(where, maxStatementBytes);
    if (triples.length > 0) yield triples;
  }
  parser.feed(decode(decoder, where));
  parser.end();
  yield parser.take();
}

/**
 * Creates a parser for chunks of Turtle text. After a syntax error, `take` throws. Wraps n3's parser, which expects a
 * stream and does not stop at an error.
 */
function createTurtleParser({ where, base, blankPrefix }: TurtleOptions) {
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
  const parser = new Parser({
    format: "text/turtle",
    ...(base !== undefined && { baseIRI: base }),
    ...(blankPrefix !== undefined && { blankNodePrefix: blankPrefix }),
  });
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
      if (failure !== undefined) throw notTurtle(where, failure);
      const taken = triples;
      triples = [];
      return taken;
    },
  };
}

function decode(decoder: InstanceType<typeof TextDecoder>, where: string, chunk?: Uint8Array): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch (cause) {
    throw new MmelError("ENCODING", { what: "the file is not UTF-8", where, cause });
  }
}

function notTurtle(where: string, cause: Error): MmelError {
  return new MmelError("FORMAT", {
    what: `this is not Turtle: ${cause.message.replace(/\.$/, "")}`,
    where,
    expected: "Turtle or N-Triples",
    hint: "Convert RDF/XML or JSON-LD first, for example with `riot` or `rapper`.",
    cause,
  });
}

function unclosed(where: string, maxBytes: number): MmelError {
  return new MmelError("FORMAT", {
    what: `no statement ends within ${maxBytes >> 20} MiB; a quotation mark may be missing`,
    where,
    expected: "Turtle or N-Triples",
  });
}
