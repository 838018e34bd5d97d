import { type CaptionLinks, MmelError } from "../../core/index.js";
import {
  type AnnotationPage,
  type CaptionRequest,
  captionFromWire,
  type Displacy,
  type LinkFormat,
  type LinkOptions,
  linksToAnnotations,
  linksToDisplacy,
  linksToWire,
  type WireLinks,
} from "../../formats/index.js";
import type { PerCall } from "../../linker/index.js";
import type { Service } from "../service.js";
import { pictureOf } from "./picture-of.js";

export interface LinkCaptionOptions {
  readonly options: LinkOptions;
  readonly signal: AbortSignal;
  /** The picture, where it came beside the caption. */
  readonly picture?: Uint8Array | undefined;
  /** Whether a place in the queue is kept for it. */
  readonly reserved?: boolean;
  readonly format?: LinkFormat | undefined;
}

/** The links of a caption in one of the forms that a request may ask for. */
export type Answered = WireLinks | Displacy | AnnotationPage;

/** The links of one caption of a request, as the command writes them. Errors name the caption. */
export async function linkCaption(
  service: Service,
  wire: CaptionRequest,
  { options, signal, picture, reserved = false, format = "links" }: LinkCaptionOptions,
): Promise<Answered> {
  try {
    const { imageData: _, imageUrl: __, ...plain } = wire;
    const caption = captionFromWire(plain);
    const bytes = picture ?? (await pictureOf(wire, service, signal));
    await using upload = bytes && (await service.uploads.add(bytes));
    const pictured = upload === undefined ? caption : { ...caption, image: upload.path };
    const links = await service.queue.link(pictured, given(options), { signal, reserved });
    const nil = links.mentions.filter(({ outcome }) => outcome === "nil").length;
    service.metrics.linked(links.mentions.length, nil);
    return FORMS[format](links, caption.text);
  } catch (error) {
    throw ofCaption(error, wire.id);
  }
}

const FORMS: Readonly<Record<LinkFormat, (links: CaptionLinks, text: string) => Answered>> = {
  links: (links) => linksToWire(links),
  displacy: linksToDisplacy,
  webannotation: linksToAnnotations,
};

/** The options without those that are not given. */
export function given(options: LinkOptions): PerCall {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function ofCaption(error: unknown, id: string): unknown {
  if (!(error instanceof MmelError) || error.detail.where !== undefined || error.code === "BUSY")
    return error;
  return new MmelError(error.code, { ...error.detail, where: `caption ${id}` });
}
