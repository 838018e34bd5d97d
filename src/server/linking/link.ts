import type { FastifyRequest } from "fastify";
import { sourceOf } from "../../core/caption-hash.js";
import { type Caption, type CaptionLinks, MmelError } from "../../core/index.js";
import { markParsed } from "../../core/parsed-caption.js";
import { joinedSignal } from "../../core/signals.js";
import {
  type AnnotationPage,
  type CaptionRequest,
  captionFromWire,
  type Displacy,
  type LinkFormat,
  type LinkOptions,
  linkBatchRequestSchema,
  linkRequestSchema,
  linksToAnnotations,
  linksToDisplacy,
  linksToWire,
  parseWire,
  type WireLinks,
} from "../../formats/index.js";
import type { CallOptions } from "../../linker/index.js";
import { formParts, receivingError } from "../form-parts.js";
import { checkJson, decodeText } from "../json-text.js";
import { checkCaptionLimits } from "../limits.js";
import type { RequestService } from "../service.js";

/** The links of a caption in the format that the request specifies. */
export type LinkAnswer = WireLinks | Displacy | AnnotationPage;

/** Converts the links of a caption with this text to an answer. */
export type Formatter<Answer> = (links: CaptionLinks, text: string) => Answer;

export interface LinkCaptionOptions {
  readonly options: LinkOptions;
  readonly signal: AbortSignal;
  /** The caption's picture, if the request contains it as a file. */
  readonly picture?: Uint8Array | undefined;
  /** Whether to skip the queue's capacity check. */
  readonly reserved?: boolean;
}

/**
 * Links one caption of a request. Adds the caption's id as `where` to an error that has no `where`, unless the error is
 * `BUSY`.
 */
export async function linkCaption<Answer>(
  service: RequestService,
  wire: CaptionRequest,
  formatter: Formatter<Answer>,
  { options, signal, picture, reserved = false }: LinkCaptionOptions,
): Promise<Answer> {
  try {
    const { imageData: _, imageUrl: __, ...plain } = wire;
    const caption = markParsed(captionFromWire(plain));
    const bytes = picture ?? (await pictureOf(wire, service, signal));
    await using upload = bytes && (await service.uploads.add(bytes, signal));
    const pictured = upload === undefined ? caption : { ...caption, image: upload.path };
    const linked = await service.queue.link(pictured, definedOptions(options), { signal, reserved });
    const links = upload === undefined ? linked : withSource(linked, caption);
    const nil = links.mentions.filter(({ outcome }) => outcome === "nil").length;
    service.metrics.linked(links.mentions.length, nil);
    return formatter(links, caption.text);
  } catch (error) {
    throw withCaptionId(signal.reason instanceof MmelError ? signal.reason : error, wire.id);
  }
}

/** Returns links that record the given caption instead of the one with the temporary path of an uploaded picture. */
const withSource = ({ image: _, ...links }: CaptionLinks, caption: Caption): CaptionLinks => ({
  ...links,
  ...sourceOf(caption),
});

const FORMATTERS: Readonly<Record<LinkFormat, Formatter<LinkAnswer>>> = {
  links: (links) => linksToWire(links),
  displacy: linksToDisplacy,
  webannotation: linksToAnnotations,
};

export const formatterOf = (format: LinkFormat = "links"): Formatter<LinkAnswer> => FORMATTERS[format];

const definedOptions = (options: LinkOptions): CallOptions =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

function withCaptionId(error: unknown, id: string): unknown {
  if (!(error instanceof MmelError) || error.detail.where !== undefined || error.code === "BUSY")
    return error;
  return new MmelError(error.code, { ...error.detail, where: `caption ${id}` });
}

export interface LinkJsonOptions {
  /** Options from the query string. Options in the body take precedence. */
  readonly query: LinkOptions;
  readonly signal: AbortSignal;
  readonly picture?: Uint8Array | undefined;
  readonly format?: LinkFormat | undefined;
}

/**
 * Links the caption or the batch of captions in a JSON body. If a caption of a batch cannot be linked, throws the error
 * of that caption. Throws `TOO_LARGE` if a limit is exceeded, and `CAPTION_INVALID` if the body is invalid.
 */
export async function linkJson(
  service: RequestService,
  body: unknown,
  { query, signal, picture, format }: LinkJsonOptions,
): Promise<LinkAnswer | { links: LinkAnswer[] }> {
  checkCaptionLimits(body, service.limits);
  const formatter = formatterOf(format);
  if (isBatch(body)) return { links: await linkBatch(service, body, formatter, { query, signal }) };
  const request = parseWire(linkRequestSchema, body, "CAPTION_INVALID");
  const { topK, explain, detect, collaborative, strictTypes, ...caption } = request;
  const options = { ...query, ...definedOptions({ topK, explain, detect, collaborative, strictTypes }) };
  return await linkCaption(service, caption, formatter, { options, signal, picture });
}

/** Links a batch of captions, in order. Throws the same errors as `linkJson`, except those of its limits. */
export async function linkBatch<Answer>(
  service: RequestService,
  body: unknown,
  formatter: Formatter<Answer>,
  { query, signal }: Pick<LinkJsonOptions, "query" | "signal">,
): Promise<Answer[]> {
  const { captions, ...bodyOptions } = parseWire(linkBatchRequestSchema, body, "CAPTION_INVALID");
  service.queue.admit(captions.length);
  const options = { ...query, ...definedOptions(bodyOptions) };
  const failed = new AbortController();
  using either = joinedSignal([signal, failed.signal]);
  try {
    return await Promise.all(
      captions.map((caption) => linkCaption(service, caption, formatter, { options, signal: either })),
    );
  } catch (error) {
    failed.abort(error);
    throw error;
  }
}

const isBatch = (body: unknown): boolean =>
  typeof body === "object" && body !== null && Object.hasOwn(body, "captions");

/**
 * Links a caption that was sent as a multipart form. The field `caption` contains a caption object in JSON; the
 * optional file `image` contains the picture. Throws `FORMAT` if the field `caption` is missing or is not JSON, or if
 * the form has any other part, or a picture with a batch of captions. Also throws the errors of `linkJson`.
 */
export async function linkForm(
  service: RequestService,
  request: FastifyRequest,
  options: Omit<LinkJsonOptions, "picture">,
): ReturnType<typeof linkJson> {
  let caption: unknown;
  let picture: Uint8Array | undefined;
  try {
    for await (const part of formParts(request, { parts: 2, seconds: service.limits.receiveSeconds / 2 })) {
      if (part.fieldname === "image" && picture === undefined) picture = await part.toBuffer();
      else if (part.fieldname === "caption" && caption === undefined)
        caption = parseField(await part.toBuffer(), service.limits.jsonBytes);
      else throw formError(`the form contains an unexpected part ${JSON.stringify(part.fieldname)}`);
    }
  } catch (error) {
    throw receivingError(error);
  }
  if (caption === undefined) throw formError("the form has no field `caption`");
  if (picture !== undefined && isBatch(caption))
    throw formError("the form has a picture, but its field `caption` contains several captions");
  return await linkJson(service, caption, { ...options, picture });
}

function parseField(bytes: Uint8Array, maxBytes: number): unknown {
  const text = decodeText(bytes);
  checkJson(text, maxBytes);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MmelError("FORMAT", { what: "the form field `caption` is not JSON", cause });
  }
}

const formError = (what: string): MmelError =>
  new MmelError("FORMAT", { what, expected: "a field `caption` (JSON) and, optionally, a file `image`" });

/**
 * Returns the picture in a caption's `imageData` (base64), or fetches the picture at its `imageUrl`. Returns undefined
 * if the caption has neither. Throws `IMAGE_TOO_LARGE` if the picture is too large, `IMAGE_UNREADABLE` if `imageData`
 * is not base64, `FORBIDDEN` if the picture must be fetched but fetching is disabled, and the errors of `fetchImage`.
 */
async function pictureOf(
  { imageData, imageUrl }: CaptionRequest,
  { fetchImage, limits }: RequestService,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (imageData !== undefined) return decodeBase64(imageData, limits.imageBytes);
  if (imageUrl === undefined) return undefined;
  if (fetchImage !== undefined) return await fetchImage(imageUrl, signal);
  throw new MmelError("FORBIDDEN", {
    what: "this service does not fetch pictures",
    expected: "the picture itself in imageData",
    hint: "Start the service with `--fetch-images` to enable imageUrl.",
  });
}

function decodeBase64(data: string, maxBytes: number): Uint8Array {
  const start = data.startsWith("data:") ? data.indexOf(",") + 1 : 0;
  const maxLength = Math.ceil(maxBytes / 3) * 4 + 4;
  if (data.length - start > maxLength)
    throw new MmelError("IMAGE_TOO_LARGE", {
      what: "the picture is too large",
      expected: `at most ${maxBytes} bytes`,
    });
  const text = data.slice(start);
  if (/^[\w+/-]*={0,2}$/.test(text)) return Buffer.from(text, "base64");
  throw new MmelError("IMAGE_UNREADABLE", {
    what: "imageData is not base64",
    expected: "base64 without line breaks",
  });
}
