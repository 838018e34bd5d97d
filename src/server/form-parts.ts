import type { MultipartFile } from "@fastify/multipart";
import type { FastifyRequest } from "fastify";
import { MmelError } from "../core/index.js";

/** Maximum sizes and numbers in a form. */
export interface FormLimits {
  /** Maximum bytes of a part. */
  readonly fileSize?: number;
  readonly parts: number;
}

/**
 * Yields the parts of a multipart form as streams of bytes. Fields are streams, too, because the parser would replace
 * bytes that are not UTF-8. `receivingError` converts the errors of the parser.
 */
export async function* formParts(
  request: FastifyRequest,
  { fileSize, parts }: FormLimits,
): AsyncGenerator<MultipartFile> {
  const limits = { parts, files: parts, ...(fileSize !== undefined && { fileSize }) };
  for await (const part of request.parts({ isPartAFile: () => true, limits }))
    if (part.type === "file") yield part;
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
