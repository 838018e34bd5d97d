import { MmelError } from "../../core/index.js";
import type { CaptionRequest } from "../../formats/index.js";
import type { Service } from "../service.js";

/**
 * The picture that comes with a caption, in the request or from its address; undefined when it has none of these.
 * `IMAGE_…`; `FORBIDDEN` for an address when fetching is not enabled.
 */
export async function pictureOf(
  { imageData, imageUrl }: CaptionRequest,
  { fetchImage, limits }: Service,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (imageData !== undefined) return decodeBase64(imageData, limits.imageBytes);
  if (imageUrl === undefined) return undefined;
  if (fetchImage !== undefined) return await fetchImage(imageUrl, signal);
  throw new MmelError("FORBIDDEN", {
    what: "this service fetches no pictures",
    expected: "the picture itself in imageData",
    hint: "starting it with --fetch-images",
  });
}

function decodeBase64(data: string, maxBytes: number): Uint8Array {
  const from = data.startsWith("data:") ? data.indexOf(",") + 1 : 0;
  const most = Math.ceil(maxBytes / 3) * 4 + 4;
  if (data.length - from > most)
    throw new MmelError("IMAGE_TOO_LARGE", {
      what: "the picture is too long",
      expected: `at most ${maxBytes} bytes`,
    });
  const text = data.slice(from);
  if (/^[\w+/-]*={0,2}$/.test(text)) return Buffer.from(text, "base64");
  throw new MmelError("IMAGE_UNREADABLE", {
    what: "imageData is not base64",
    expected: "base64 without line breaks",
  });
}
