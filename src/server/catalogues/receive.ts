import { randomUUID } from "node:crypto";
import { mkdir, open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyReply, FastifyRequest } from "fastify";
import { MmelError } from "../../core/index.js";
import { writeProblem } from "../../core/write-problem.js";
import type { WireEntity } from "../../formats/index.js";
import { formParts, receivingError } from "../form-parts.js";
import { decodeText } from "../json-text.js";
import type { Limits } from "../limits.js";
import { withReceiveLimits } from "../receive-limits.js";

/** A table that was received with a request. Disposing it deletes its file. */
export interface ReceivedTable extends AsyncDisposable {
  readonly file: string;
  readonly bytes: number;
  /** The other fields of the form. */
  readonly fields: ReadonlyMap<string, string>;
  /** Returns the path of another file, which is deleted with this one. */
  readonly besides: (name: string) => string;
}

export interface ReceiveOptions {
  /** Folder in which the file is kept. */
  readonly staging: string;
  readonly limits: Limits;
  readonly closing: AbortSignal;
  /** Names of the fields that the form may have besides `file`. */
  readonly fields: readonly string[];
}

/**
 * Receives a multipart form with a file `file` and writes the file to disk while it arrives. Throws `FORMAT` if the form
 * has no file, an unknown or repeated field, or is damaged, `ENCODING` if a field is not UTF-8, `TOO_LARGE` if the file
 * has more than `limits.uploadBytes`, `FILE_UNWRITABLE` if it cannot be written, `TIMEOUT` if it arrives too slowly, and
 * `BUSY` if the service shuts down.
 */
export async function receiveTable(
  request: FastifyRequest,
  reply: FastifyReply,
  { staging, limits, closing, fields: allowed }: ReceiveOptions,
): Promise<ReceivedTable> {
  if (!request.isMultipart()) throw notAForm();
  reply.raw.once("finish", () => {
    if (!request.raw.complete) request.raw.socket.destroySoon(); // the rest of a rejected upload is not received
  });
  const folder = join(staging, randomUUID());
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const fields = new Map<string, string>();
  let received: { readonly file: string; readonly bytes: number } | undefined;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
      throw unwritable(cause);
    });
    const { uploadBytes, jsonBytes, receiveSeconds: seconds, streamBytesPerMinute: bytesPerMinute } = limits;
    for await (const part of formParts(request, {
      parts: allowed.length + 1,
      fileSize: uploadBytes,
      seconds,
    })) {
      const { fieldname: name } = part;
      const chunks = withReceiveLimits(part.file, { seconds, bytesPerMinute, closing });
      if (name === "file" && received === undefined) {
        const file = join(folder, safeName(part.filename));
        received = { file, bytes: await writeChunks(file, chunks) };
        if (part.file.truncated) throw tooLarge("the file", uploadBytes);
      } else if (allowed.includes(name) && !fields.has(name))
        fields.set(name, await textOf(chunks, name, jsonBytes));
      else throw unexpected(name, ["file", ...allowed]);
    }
    if (received === undefined) throw unexpected(undefined, ["file", ...allowed]);
    return { ...received, fields, besides: (name) => join(folder, name), [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw receivingError(error);
  }
}

async function writeChunks(file: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  await using output = await open(file, "wx", 0o600).catch((cause: unknown) => {
    throw unwritable(cause);
  });
  for await (const chunk of chunks) {
    bytes += chunk.length;
    await output.writeFile(chunk).catch((cause: unknown) => {
      throw unwritable(cause);
    });
  }
  return bytes;
}

async function textOf(chunks: AsyncIterable<Uint8Array>, name: string, maxBytes: number): Promise<string> {
  const all: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(`the form field \`${name}\``, maxBytes);
    all.push(chunk);
  }
  return decodeText(Buffer.concat(all));
}

/**
 * Returns a name for the file on disk that resembles the name in the request, which appears in error messages and whose
 * ending tells the format.
 */
function safeName(filename: string): string {
  const [, stem = "", endings = ""] = /^(.*?)((?:\.[a-z0-9]{1,8}){0,2})$/is.exec(filename) ?? [];
  const safe = stem
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "_")
    .slice(0, 60)
    .trim();
  return `${safe || "table"}${endings}`;
}

const unwritable = (cause: unknown): MmelError =>
  new MmelError("FILE_UNWRITABLE", {
    what: `the upload cannot be stored: ${writeProblem(cause)}`,
    hint: "Free disk space on the machine of the service.",
    cause,
  });

const tooLarge = (what: string, maxBytes: number): MmelError =>
  new MmelError("TOO_LARGE", {
    what: `${what} is too large`,
    expected: `at most ${maxBytes.toLocaleString("en")} bytes`,
    hint: "Start the service with a larger `--max-upload`, or import the file with `mmel kb import`.",
  });

const notAForm = (): Error =>
  Object.assign(
    new MmelError("FORMAT", { what: "the request is not a form", expected: "multipart/form-data" }),
    {
      statusCode: 415,
    },
  );

const unexpected = (name: string | undefined, known: readonly string[]): MmelError =>
  new MmelError("FORMAT", {
    what:
      name === undefined
        ? "the form has no file `file`"
        : `the form contains an unexpected part ${JSON.stringify(name)}`,
    expected: `the parts ${known.join(", ")}, each at most once`,
  });

/** Stores entities like a table that was received. Throws `FILE_UNWRITABLE` if they cannot be written. */
export async function storeEntities(
  staging: string,
  entities: readonly WireEntity[],
): Promise<ReceivedTable> {
  const folder = join(staging, randomUUID());
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const file = join(folder, "additions.jsonl");
  const text = entities.map((entity) => `${JSON.stringify(entity)}\n`).join("");
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(file, text, { mode: 0o600 });
  } catch (cause) {
    await remove();
    throw unwritable(cause);
  }
  return {
    ...{ file, bytes: Buffer.byteLength(text), fields: new Map() },
    besides: (name) => join(folder, name),
    [Symbol.asyncDispose]: remove,
  };
}
