import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { MmelError } from "../../core/index.js";
import {
  annotationPageSchema,
  captionRequestSchema,
  displacySchema,
  type LinkFormat,
  type LinkOptions,
  linkBatchRequestSchema,
  linkBatchSchema,
  linkFormatSchema,
  linkOptionsSchema,
  linkRequestSchema,
  linksSchema,
} from "../../formats/index.js";
import { linkForm } from "../linking/link-form.js";
import { linkJson } from "../linking/link-json.js";
import { linkStream } from "../linking/stream.js";
import { whileComing } from "../linking/while-coming.js";
import { queryOf } from "../parameters.js";
import { untilLeft } from "../request-signal.js";
import type { Route } from "../route.js";
import type { Service } from "../service.js";

/** What a stream of captions and links is sent as. */
export const STREAM = "application/x-ndjson";

const otherBatch = z.object({ links: z.array(z.union([displacySchema, annotationPageSchema])) });
const form = z.object({
  caption: z.string().meta({ description: "a caption object in JSON", contentMediaType: "application/json" }),
  image: z.string().optional().meta({ description: "the picture's file", format: "binary" }),
});

const parameters = z.object({ ...linkOptionsSchema.shape, format: linkFormatSchema.optional() });
const answered = [linksSchema, displacySchema, annotationPageSchema] as const;

/** `POST /v1/link`: one caption, several in `captions`, one with its picture in a form, or a stream of them. */
export function linkRoute(service: Service): Route {
  const stream = streamer(service);
  return {
    method: "POST",
    path: "/v1/link",
    scope: "link",
    tag: "linking",
    summary: "Link the mentions of a caption, or of several",
    description: DESCRIPTION,
    query: parameters,
    body: [
      { type: "application/json", schema: z.union([linkRequestSchema, linkBatchRequestSchema]) },
      { type: "multipart/form-data", schema: form },
      { type: STREAM, schema: captionRequestSchema },
    ],
    answers: {
      200: {
        description: "the links",
        content: [
          { type: "application/json", schema: z.union([...answered, linkBatchSchema, otherBatch]) },
          { type: STREAM, schema: z.union(answered) },
        ],
      },
    },
    problems: [413, 415, 422, 429, 504],
    async handle(request, reply) {
      const { format, ...query } = queryOf(parameters, request.query);
      if (isStream(request)) return stream(request, reply, query, format);
      using signal = untilLeft(reply, service.limits.answerSeconds);
      return request.isMultipart()
        ? await linkForm(service, request, { query, signal, format })
        : await linkJson(service, request.body, { query, signal, format });
    },
  };
}

const DESCRIPTION = `One caption object answers one links object; \`{"captions": […]}\` answers \`{"links": […]}\` in the same order; a
form has a field \`caption\` and a file \`image\`; a stream (${STREAM}) has a caption a line and answers links, or a problem, a
line, in the same order and as soon as they are there.`;

/** Whether a request's body is read line by line while it comes in. */
export const isStream = ({ headers }: FastifyRequest): boolean =>
  headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase() === STREAM;

function streamer(service: Service) {
  let open = 0;
  return (
    request: FastifyRequest,
    reply: FastifyReply,
    options: LinkOptions,
    format: LinkFormat | undefined,
  ) => {
    if (service.closing.aborted || open >= service.limits.streams)
      throw new MmelError("BUSY", { what: `${open} streams are open`, hint: "again later" });
    open += 1;
    const signal = untilLeft(reply);
    reply.raw.once("finish", () => {
      if (!request.raw.complete) request.raw.socket.destroySoon(); // we are through, though the caller is not
    });
    reply.raw.once("close", () => {
      open -= 1;
      signal[Symbol.dispose]();
    });
    const chunks = whileComing(
      request.body as AsyncIterable<Uint8Array>,
      service.limits.receiveSeconds,
      service.closing,
    );
    reply.type(STREAM);
    return Readable.from(linkStream(service, chunks, { options, signal, format, instance: request.id }));
  };
}
