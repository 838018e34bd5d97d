import { createReadStream } from "node:fs";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { MmelError } from "../../core/index.js";
import {
  type CaptionMapping,
  type EntityMapping,
  parseCaptionMapping,
  parseMapping,
  parseWire,
  tablePreviewSchema,
} from "../../formats/index.js";
import { type ReceivedTable, receiveTable } from "../catalogues/receive.js";
import { checkJson } from "../json-text.js";
import type { Limits } from "../limits.js";
import { requestSignal } from "../request-signal.js";
import type { Route } from "../route.js";
import type { RequestService } from "../service.js";
import { STREAM } from "./link.js";

const common = { method: "POST", scope: "link", isUpload: true, tag: "tables" } as const;
const problems = [413, 415, 422, 429, 504, 507];

export const fileField = z.string().meta({ description: "the table: CSV, TSV or XLSX", format: "binary" });
export const mappingField = z.string().optional().meta({
  description: "the mapping of columns to fields, in JSON (default: guessed)",
  contentMediaType: "application/json",
});
const asField = z.enum(["entities", "captions"]).meta({ description: "what the table contains" });

/** The route `POST /v1/tables/preview`, which guesses what the columns of a table mean. */
export const previewRoute: Route = {
  ...common,
  path: "/v1/tables/preview",
  summary: "The columns of a table, their guessed fields and the first rows",
  description: "Stores nothing.",
  body: [
    {
      type: "multipart/form-data",
      schema: z.object({ file: fileField, as: asField, mapping: mappingField }),
    },
  ],
  answers: {
    200: { description: "the preview", content: [{ type: "application/json", schema: tablePreviewSchema }] },
  },
  problems,
  async handle(request, reply, service) {
    using _place = service.tables.admit();
    await using table = await receive(request, reply, service, ["as", "mapping"]);
    const { as } = parseWire(z.object({ as: asField }), { as: table.fields.get("as") }, "FORMAT");
    const mapping = mappingOf(table, as, service.limits);
    using signal = requestSignal(reply, service.limits.answerSeconds);
    return await service.tables.preview({ file: table.file, as, mapping }, signal);
  },
};

/** The route `POST /v1/tables/captions`, which converts a table to captions. */
export const captionTableRoute: Route = {
  ...common,
  path: "/v1/tables/captions",
  summary: "The captions in a table, as JSON Lines",
  description: `Returns one caption per line, in the format that \`/v1/link\` takes. A rejected row becomes a line \`{"rejected":{"line":…,"error":"…"}}\`. Stores nothing.`,
  body: [{ type: "multipart/form-data", schema: z.object({ file: fileField, mapping: mappingField }) }],
  answers: { 200: { description: "the captions and the rejected rows", content: [{ type: STREAM }] } },
  problems,
  async handle(request, reply, service) {
    const place = service.tables.admit();
    reply.raw.once("close", () => place[Symbol.dispose]()); // also after an error
    const table = await receive(request, reply, service, ["mapping"]);
    reply.raw.once("close", () => void table[Symbol.asyncDispose]());
    const mapping = mappingOf(table, "captions", service.limits);
    const output = table.besides("captions.jsonl");
    using signal = requestSignal(reply, service.limits.answerSeconds);
    await service.tables.writeCaptions({ file: table.file, mapping, output }, signal);
    reply.type(STREAM);
    return createReadStream(output);
  },
};

/** Receives the form of a request. Throws the errors of `receiveTable`. */
export const receive = (
  request: FastifyRequest,
  reply: FastifyReply,
  { staging, limits, closing }: RequestService,
  fields: readonly string[],
): Promise<ReceivedTable> => receiveTable(request, reply, { staging, limits, closing, fields });

/** Returns the mapping of a form, if it has one. Throws `FORMAT` if the mapping is not JSON or not valid. */
export function mappingOf(
  { fields }: ReceivedTable,
  as: "entities" | "captions",
  { jsonBytes }: Limits,
): EntityMapping | CaptionMapping | undefined {
  const text = fields.get("mapping");
  if (text === undefined || text.trim() === "") return undefined;
  checkJson(text, jsonBytes);
  try {
    return as === "entities" ? parseMapping(JSON.parse(text)) : parseCaptionMapping(JSON.parse(text));
  } catch (error) {
    if (error instanceof MmelError)
      throw new MmelError("FORMAT", { ...error.detail, where: "the form field `mapping`", cause: error });
    throw new MmelError("FORMAT", { what: "the form field `mapping` is not JSON", cause: error });
  }
}
