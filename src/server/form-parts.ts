import type { MultipartFile } from "@fastify/multipart";
import type { FastifyRequest } from "fastify";
import { MmelError } from "../core/index.js";

/** Maximum sizes and numbers in a form. */
export interface FormLimits {
  /** Maximum bytes of a part. */
  readonly fileSize?: number;
  readonly parts: number;
  /** Maximum seconds to wait for the next part. */
  readonly seconds: number;
}

/**
 * Yields the parts of a multipart form as streams of bytes. Fields are streams, too, because the parser would replace
 * bytes that are not UTF-8. `receivingError` converts the errors of the parser. Throws `TIMEOUT` if the next part does
 * not arrive in time; the parser also stops, without an error, at some parts whose header is invalid.
 */
export async function* formParts(
  request: FastifyRequest,
  { fileSize, parts, seconds }: FormLimits,
): AsyncGenerator<MultipartFile> {
  const limits = { parts, files: parts, ...(fileSize !== undefined && { fileSize }) };
  const iterator = request.parts({ isPartAFile: () => true, limits })[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await inTime(iterator.next(), seconds, () => {
      request.raw.unpipe();
      request.raw.resume(); // the rest is discarded, so that the connection can be used again
    });
    if (done) return;
    if (value.type === "file") yield value;
  }
}

async function inTime<T>(promise: Promise<T>, seconds: number, giveUp: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      giveUp();
      reject(
        new MmelError("TIMEOUT", {
          what: `no further part of the form was received within ${seconds} seconds`,
          expected: "a complete multipart form whose parts have the header `content-disposition`",
        }),
      );
    }, 1000 * seconds);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Converts an error of the form's parser, such as a missing boundary or an early end. Exceeded limits have a status. */
export function receivingError(error: unknown): unknown {
  if (error instanceof MmelError || !(error instanceof Error) || "statusCode" in error) return error;
  return new MmelError("FORMAT", {
    what: `the form is damaged or cut off (${error.message})`,
    expected: "a complete multipart form with its boundary in the header `content-type`",
    cause: error,
  });
}
