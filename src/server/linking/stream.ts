import { MmelError } from "../../core/index.js";
import { joinedSignal } from "../../core/signals.js";
import {
  captionRequestSchema,
  type Line,
  type LinkFormat,
  type LinkOptions,
  linesOf,
  type Problem,
  parseWire,
} from "../../formats/index.js";
import { checkJson } from "../json-text.js";
import { checkCaptionLimits } from "../limits.js";
import { problemOf } from "../problem.js";
import type { RequestService } from "../service.js";
import { formatterOf, type LinkAnswer, linkCaption } from "./link.js";

export interface LinkStreamOptions {
  readonly options: LinkOptions;
  /** Aborts when the caller disconnects. */
  readonly signal: AbortSignal;
  /** The request's id, used in problem documents. */
  readonly instance: string;
  readonly format?: LinkFormat | undefined;
}

/**
 * Yields one line for each caption line, in input order. The line contains the caption's links or, if the caption
 * cannot be linked, a problem document with the line number and, if it is known, the caption's id. Each line is
 * yielded as soon as it and all earlier lines are ready.
 *
 * At most `limits.streamWindow` captions are in progress. While this limit is reached, at most one further line is
 * read, which slows down the sender (back pressure). When the service shuts down, captions that were already read are
 * still linked, and a problem document ends the stream.
 */
export async function* linkStream(
  service: RequestService,
  chunks: AsyncIterable<Uint8Array>,
  stream: LinkStreamOptions,
): AsyncGenerator<string> {
  const lines = linesOf(chunks, service.limits.bodyBytes, "the stream")[Symbol.asyncIterator]();
  const pending: Promise<LinkAnswer | Problem>[] = [];
  const readNext = (): Promise<IteratorResult<Line>> => {
    const next = lines.next().catch((error: unknown): IteratorResult<Line> => {
      if (service.closing.aborted) return { done: true, value: undefined };
      throw error;
    });
    next.catch(() => {}); // avoids an unhandled rejection; the error is thrown where the promise is awaited
    return next;
  };
  let reading: Promise<IteratorResult<Line>> | undefined = readNext();
  while (pending.length > 0 || reading !== undefined) {
    const full = pending.length >= service.limits.streamWindow;
    const first = await Promise.race([
      ...(pending.length > 0 ? [pending[0]!.then(() => "answer" as const)] : []),
      ...(reading !== undefined && !full ? [reading.then(() => "line" as const)] : []),
    ]);
    if (first === "answer") yield `${JSON.stringify(await pending.shift()!)}\n`;
    else {
      const line: IteratorResult<Line> = await reading!;
      reading = line.done ? undefined : readNext();
      if (!line.done && !isBlank(line.value)) pending.push(linkLine(service, line.value, stream));
    }
  }
  if (service.closing.aborted) yield `${JSON.stringify(problemOf(shuttingDown(), stream.instance))}\n`;
}

async function linkLine(
  service: RequestService,
  line: Line,
  stream: LinkStreamOptions,
): Promise<LinkAnswer | Problem> {
  const { options, instance, format } = stream;
  using signal = joinedSignal([stream.signal], service.limits.answerSeconds);
  let id: string | undefined;
  try {
    if (line.kind === "bad") throw line.error;
    checkJson(line.text, service.limits.jsonBytes);
    const value = parseLine(line.text);
    checkCaptionLimits(value, service.limits);
    const caption = parseWire(captionRequestSchema, value, "CAPTION_INVALID");
    id = caption.id;
    return await linkCaption(service, caption, formatterOf(format), { options, signal, reserved: true });
  } catch (error) {
    return { ...problemOf(error, instance), line: line.line, ...(id !== undefined && { caption: id }) };
  }
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MmelError("FORMAT", {
      what: "the line is not JSON",
      expected: "one caption object per line",
      cause,
    });
  }
}

const isBlank = (line: Line): boolean => line.kind === "line" && line.text.trim() === "";

const shuttingDown = (): MmelError =>
  new MmelError("BUSY", { what: "the service is shutting down; the remaining lines were not read" });
