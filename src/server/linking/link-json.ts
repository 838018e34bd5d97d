import { setMaxListeners } from "node:events";
import {
  type LinkFormat,
  type LinkOptions,
  linkBatchRequestSchema,
  linkRequestSchema,
  parseWire,
} from "../../formats/index.js";
import type { Service } from "../service.js";
import { type Answered, given, linkCaption } from "./link.js";
import { refuseExcess } from "./refuse-excess.js";

export interface LinkJsonOptions {
  /** Options of the address; those of the body come first. */
  readonly query: LinkOptions;
  readonly signal: AbortSignal;
  readonly picture?: Uint8Array | undefined;
  readonly format?: LinkFormat | undefined;
}

/** Links the one caption, or the several, of a JSON body. One caption that cannot be linked fails the request. */
export async function linkJson(
  service: Service,
  body: unknown,
  { query, signal, picture, format }: LinkJsonOptions,
): Promise<Answered | { links: Answered[] }> {
  refuseExcess(body, service.limits);
  if (isBatch(body)) return { links: await linkBatch(service, body, { query, signal, format }) };
  const request = parseWire(linkRequestSchema, body, "CAPTION_INVALID");
  const { topK, explain, detect, collaborative, ...caption } = request;
  const options = { ...query, ...given({ topK, explain, detect, collaborative }) };
  return await linkCaption(service, caption, { options, signal, picture, format });
}

async function linkBatch(
  service: Service,
  body: unknown,
  { query, signal, format }: LinkJsonOptions,
): Promise<Answered[]> {
  const { captions, ...own } = parseWire(linkBatchRequestSchema, body, "CAPTION_INVALID");
  service.queue.admit(captions.length);
  const options = { ...query, ...given(own) };
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  setMaxListeners(0, either); // every caption listens
  try {
    return await Promise.all(
      captions.map((caption) => linkCaption(service, caption, { options, signal: either, format })),
    );
  } catch (error) {
    failed.abort(error);
    throw error;
  }
}

const isBatch = (body: unknown): boolean =>
  typeof body === "object" && body !== null && Object.hasOwn(body, "captions");
