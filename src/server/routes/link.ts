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
import { linkForm, linkJson } from "../linking/link.js";
import { linkStream } from "../linking/stream.js";
import { parseParameters } from "../parameters.js";
import { withReceiveLimits } from "../receive-limits.js";
import { requestSignal } from "../request-signal.js";
import type { Route } from "../route.js";
import type { RequestService } from "../service.js";

/** Content type of a stream of captions or links, one JSON object per line. */
export const STREAM = "application/x-ndjson";

const otherBatchSchema = z.object({ links: z.array(z.union([displacySchema, annotationPageSchema])) });
const formSchema = z.object({
  caption: z.string().meta({ description: "a caption object in JSON", contentMediaType: "application/json" }),
  image: z.string().optional().meta({ description: "the picture file", format: "binary" }),
});

const parameters = z.object({ ...linkOptionsSchema.shape, format: linkFormatSchema.optional() });
const answerSchemas = [linksSchema, displacySchema, annotationPageSchema] as const;

/**
 * Returns the route `POST /v1/link`. The body is one caption, a batch of captions, a form with a caption and its
 * picture, or a stream of captions.
 */
export function linkRoute(): Route {
  const answerStream = createStreamHandler();
  return {
    method: "POST",
    path: "/v1/link",
    scope: "link",
    isPerCatalogue: true,
    tag: "linking",
    summary: "Link the mentions of one or more captions",
    description: DESCRIPTION,
    query: parameters,
    body: [
      { type: "application/json", schema: z.union([linkRequestSchema, linkBatchRequestSchema]) },
      { type: "multipart/form-data", schema: formSchema },
      { type: STREAM, schema: captionRequestSchema },
    ],
    answers: {
      200: {
        description: "the links",
        content: [
          {
            type: "application/json",
            schema: z.union([...answerSchemas, linkBatchSchema, otherBatchSchema]),
          },
          { type: STREAM, schema: z.union(answerSchemas) },
        ],
      },
    },
    problems: [413, 415, 422, 429, 504],
    async handle(request, reply, service) {
      const { format, ...query } = parseParameters(parameters, request.query);
      if (isStream(request)) return answerStream(request, reply, service, query, format);
      using signal = requestSignal(reply, service.limits.answerSeconds);
      return request.isMultipart()
        ? await linkForm(service, request, { query, signal, format })
        : await linkJson(service, request.body, { query, signal, format });
    },
  };
}

const DESCRIPTION = `For a caption object, returns a links object. For a batch, \`{"captions": […]}\`, returns \`{"links": […]}\` in the same order. A form
has a field \`caption\` and a file \`image\`. A stream (${STREAM}) has one caption per line. The response has one line per
caption, in the same order; each line is sent as soon as it is ready: the links or, if the caption cannot be linked, a problem document.`;

/**
 * Returns whether the body of a request is a stream of captions. The service links the captions of a stream while
 * receiving the stream.
 */
export const isStream = ({ headers }: FastifyRequest): boolean =>
  headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase() === STREAM;

/**
 * Returns a function that handles a stream of captions. The function throws `BUSY` if `limits.streams` streams are
 * already open or the service is shutting down.
 */
function createStreamHandler() {
  let open = 0;
  return (
    request: FastifyRequest,
    reply: FastifyReply,
    service: RequestService,
    options: LinkOptions,
    format: LinkFormat | undefined,
  ) => {
    if (service.closing.aborted || open >= service.limits.streams) {
      const what = service.closing.aborted
        ? "the service is shutting down"
        : `too many streams: ${open} are already open`;
      throw new MmelError("BUSY", { what, hint: "Retry later." });
    }
    open += 1;
    const signal = requestSignal(reply);
    const version = service.hold(); // the handler ends before its stream
    reply.raw.once("finish", () => {
      if (!request.raw.complete) request.raw.socket.destroySoon(); // the response is complete, so stop receiving
    });
    reply.raw.once("close", () => {
      open -= 1;
      signal[Symbol.dispose]();
      version[Symbol.dispose]();
    });
    const { receiveSeconds: seconds, streamBytesPerMinute: bytesPerMinute } = service.limits;
    const chunks = withReceiveLimits(request.body as AsyncIterable<Uint8Array>, {
      seconds,
      bytesPerMinute,
      closing: service.closing,
    });
    reply.type(STREAM);
    return Readable.from(linkStream(service, chunks, { options, signal, format, instance: request.id }));
  };
}
