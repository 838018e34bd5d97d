import { MmelError } from "../../core/index.js";
import {
  captionRequestSchema,
  type Line,
  type LinkFormat,
  type LinkOptions,
  linesOf,
  type Problem,
  parseWire,
} from "../../formats/index.js";
import { problemOf } from "../problem.js";
import type { Service } from "../service.js";
import { type Answered, linkCaption } from "./link.js";
import { refuseExcess } from "./refuse-excess.js";

export interface LinkStreamOptions {
  readonly options: LinkOptions;
  /** Fires when the caller has left. */
  readonly signal: AbortSignal;
  readonly instance: string;
  readonly format?: LinkFormat | undefined;
}

/**
 * A line of links for each line of a caption, in order; a problem document, with line and caption, for one that cannot be
 * linked. So many captions are under way as the limits say: a reader that is slower than the linker slows the sender down,
 * and an answer goes out as soon as it and those before it are there. When the service closes, what was read is answered.
 */
export async function* linkStream(
  service: Service,
  chunks: AsyncIterable<Uint8Array>,
  given: LinkStreamOptions,
): AsyncGenerator<string> {
  const lines = linesOf(chunks, service.limits.bodyBytes, "the stream")[Symbol.asyncIterator]();
  const pending: Promise<Answered | Problem>[] = [];
  /** The next line; none when the service closes. */
  const readOn = (): Promise<IteratorResult<Line>> => {
    const next = lines.next().catch((error: unknown): IteratorResult<Line> => {
      if (service.closing.aborted) return { done: true, value: undefined };
      throw error;
    });
    next.catch(() => {}); // reported when it is awaited
    return next;
  };
  let reading: Promise<IteratorResult<Line>> | undefined = readOn();
  while (pending.length > 0 || reading !== undefined) {
    const full = pending.length >= service.limits.streamWindow;
    const first = await Promise.race([
      ...(pending.length > 0 ? [pending[0]!.then(() => "answer" as const)] : []),
      ...(reading !== undefined && !full ? [reading.then(() => "line" as const)] : []),
    ]);
    if (first === "answer") yield `${JSON.stringify(await pending.shift()!)}\n`;
    else {
      const line: IteratorResult<Line> = await reading!;
      reading = line.done ? undefined : readOn();
      if (!line.done && !isBlank(line.value)) pending.push(answer(service, line.value, given));
    }
  }
  if (service.closing.aborted) yield `${JSON.stringify(problemOf(shuttingDown(), given.instance))}\n`;
}

async function answer(service: Service, line: Line, given: LinkStreamOptions): Promise<Answered | Problem> {
  const { options, instance, format } = given;
  const late = AbortSignal.timeout(service.limits.answerSeconds * 1000);
  const signal = AbortSignal.any([given.signal, late]);
  let id: string | undefined;
  try {
    if (line.kind === "bad") throw line.error;
    const value = parsed(line.text);
    refuseExcess(value, service.limits);
    const caption = parseWire(captionRequestSchema, value, "CAPTION_INVALID");
    id = caption.id;
    return await linkCaption(service, caption, { options, signal, reserved: true, format });
  } catch (error) {
    const known = late.aborted ? new MmelError("TIMEOUT", { what: "it took too long" }) : error;
    return { ...problemOf(known, instance), line: line.line, ...(id !== undefined && { caption: id }) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MmelError("FORMAT", {
      what: "the line is not JSON",
      expected: "one caption object a line",
      cause,
    });
  }
}

const isBlank = (line: Line): boolean => line.kind === "line" && line.text.trim() === "";

const shuttingDown = (): MmelError =>
  new MmelError("BUSY", { what: "the service is shutting down; lines after those answered were not read" });
