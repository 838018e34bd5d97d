import { z } from "zod";
import { type Caption, MmelError } from "../../core/index.js";
import {
  type CaptionRequest,
  captionFromWire,
  type LinkOptions,
  linkBatchRequestSchema,
  linkBatchSchema,
  linkOptionsSchema,
  linkRequestSchema,
  linksSchema,
  linksToWire,
  parseWire,
  type WireLinks,
} from "../../formats/index.js";
import { queryOf } from "../query.js";
import type { Route } from "../route.js";
import type { Service } from "../service.js";
import { untilLeft } from "../until.js";

/** `POST /v1/link`: one caption, or several in `captions`. */
export function linkRoute(service: Service): Route {
  return {
    method: "POST",
    path: "/v1/link",
    scope: "link",
    tag: "linking",
    summary: "Link the mentions of a caption, or of several",
    description:
      'One caption object answers one links object; `{"captions": […]}` answers `{"links": […]}` in the same order.',
    query: linkOptionsSchema,
    body: [{ type: "application/json", schema: z.union([linkRequestSchema, linkBatchRequestSchema]) }],
    answers: {
      200: {
        description: "the links",
        content: [{ type: "application/json", schema: z.union([linksSchema, linkBatchSchema]) }],
      },
    },
    problems: [413, 415, 422, 429, 504],
    async handle(request, reply) {
      const query = queryOf(linkOptionsSchema, request.query);
      using left = untilLeft(reply, service.limits.answerSeconds);
      if (isBatch(request.body)) return { links: await linkBatch(service, request.body, query, left) };
      const { topK, explain, detect, collaborative, ...caption } = parseWire(
        linkRequestSchema,
        request.body,
        "CAPTION_INVALID",
      );
      const options = { ...query, ...given({ topK, explain, detect, collaborative }) };
      return await linkOne(service, caption, options, left);
    },
  };
}

const isBatch = (body: unknown): boolean =>
  typeof body === "object" && body !== null && Object.hasOwn(body, "captions");

async function linkBatch(
  service: Service,
  body: unknown,
  query: LinkOptions,
  left: AbortSignal,
): Promise<WireLinks[]> {
  refuseMany((body as { captions: unknown }).captions, service.limits.batch);
  const { captions, ...own } = parseWire(linkBatchRequestSchema, body, "CAPTION_INVALID");
  service.queue.admit(captions.length);
  const options = { ...query, ...given(own) };
  return await Promise.all(captions.map((caption) => linkOne(service, caption, options, left)));
}

async function linkOne(
  service: Service,
  wire: CaptionRequest,
  options: LinkOptions,
  left: AbortSignal,
): Promise<WireLinks> {
  const caption = captionOf(wire, service);
  const links = await service.queue.link(caption, given(options), left);
  service.metrics.linked(
    links.mentions.length,
    links.mentions.filter(({ outcome }) => outcome.kind === "nil").length,
  );
  return linksToWire(links);
}

function captionOf({ imageData: _, imageUrl: __, ...wire }: CaptionRequest, { limits }: Service): Caption {
  const where = `caption ${wire.id}`;
  const mentions = wire.mentions?.length ?? 0;
  if (mentions > limits.mentions)
    throw new MmelError("TOO_LARGE", {
      what: `${mentions} mentions`,
      where,
      expected: `at most ${limits.mentions}`,
    });
  try {
    return captionFromWire(wire);
  } catch (error) {
    if (!(error instanceof MmelError)) throw error;
    throw new MmelError(error.code, { ...error.detail, where });
  }
}

function refuseMany(captions: unknown, most: number): void {
  if (Array.isArray(captions) && captions.length > most)
    throw new MmelError("TOO_LARGE", {
      what: `${captions.length} captions in one request`,
      expected: `at most ${most}`,
      hint: "a stream: application/x-ndjson",
    });
}

/** The options without those that are not given. */
function given(options: { [Name in keyof LinkOptions]?: LinkOptions[Name] | undefined }): PerCallOf {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

type PerCallOf = { [Name in keyof LinkOptions]?: Exclude<LinkOptions[Name], undefined> };
