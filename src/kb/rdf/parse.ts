import { Parser } from "n3";
import { MmelError } from "../../core/index.js";
import { bytesOf } from "../../formats/index.js";
import { type Triple, tripleOf } from "./triple.js";

/** Most text between two statements: a literal whose end is missing would otherwise take in the rest of the file. */
const LONGEST = 16 << 20;

interface TurtleOptions {
  readonly base: string;
  /** Tells the blank nodes of this file from those of others. */
  readonly blankPrefix: string;
  readonly signal?: AbortSignal;
}

/**
 * The statements of a Turtle file, plain or gzip, as they come. An error of syntax ends the file: `FORMAT` with its line;
 * `ENCODING` for what is not UTF-8.
 */
export async function* turtleTriples(
  file: string,
  { base, blankPrefix, signal }: TurtleOptions,
): AsyncGenerator<readonly Triple[]> {
  const parser = startParser(file, base, blankPrefix);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let silent = 0;
  for await (const chunk of bytesOf(file, signal)) {
    parser.feed(decode(decoder, file, chunk));
    const triples = parser.take();
    silent = triples.length > 0 ? 0 : silent + chunk.length;
    if (silent > LONGEST) throw unended(file);
    if (triples.length > 0) yield triples;
  }
  parser.feed(decode(decoder, file));
  parser.end();
  yield parser.take();
}

/** n3's parser, fed by hand: its stream would go on after an error. */
function startParser(file: string, base: string, blankPrefix: string) {
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
      if (failure !== undefined) throw wrong(file, failure);
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

function wrong(file: string, cause: Error): MmelError {
  return new MmelError("FORMAT", {
    what: `this is not Turtle: ${cause.message.replace(/\.$/, "")}`,
    where: file,
    expected: "Turtle or N-Triples",
    hint: "converting RDF/XML or JSON-LD with riot or rapper",
    cause,
  });
}

function unended(file: string): MmelError {
  return new MmelError("FORMAT", {
    what: `no statement ends within ${LONGEST >> 20} MiB; a quotation mark may be missing`,
    where: file,
    expected: "Turtle or N-Triples",
  });
}
