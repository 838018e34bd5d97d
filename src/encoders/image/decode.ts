import type { SharpOptions } from "sharp";
import { MmelError } from "../../core/index.js";
import type { Pixels } from "./pixels.js";
import { loadSharp } from "./sharp.js";

/** Limits for image files from untrusted sources. */
export interface ImageLimits {
  /** Maximum size of a file in bytes. */
  readonly bytes: number;
  /** Maximum number of pixels in the image, or in its first frame if it is animated. */
  readonly pixels: number;
}

export const IMAGE_LIMITS: ImageLimits = { bytes: 64 * 2 ** 20, pixels: 50_000_000 };

/**
 * Maximum length of a side in pixels; larger images are reduced. Encoders also receive crops. At this limit, even one
 * third of an image is several times larger than an encoder's input.
 */
const MAX_SIDE = 2048;
/** Minimum length of the longer side of a rendered SVG, in pixels. */
const SVG_SIDE = 512;
const SVG_DPI = 72;
/**
 * Maximum ratio of the longer side to the shorter side. Encoders that enlarge the shorter side would produce a huge
 * image otherwise.
 */
const MAX_ASPECT = 64;
const DECODABLE = "JPEG, PNG, WebP, AVIF, GIF, TIFF or SVG";

/**
 * Decodes the first frame of an image. Applies the EXIF orientation, converts colours (CMYK, grey, 16-bit, other
 * profiles) to 8-bit sRGB, fills transparent areas with white, and reduces images to at most 2,048 pixels per side.
 *
 * Throws `IMAGE_UNREADABLE` if the file is not an image or is damaged. Throws `IMAGE_TOO_LARGE` if the image exceeds
 * `limits`. Throws `IMAGE_UNSUPPORTED` if the format cannot be decoded, the SVG is not self-contained, or the longer side
 * is more than 64 times as long as the shorter side. The size and the shape are checked before the image is decoded. See
 * `decodeImage` for images from untrusted sources.
 */
export async function decodeHere(bytes: Uint8Array, limits: ImageLimits): Promise<Pixels> {
  checkBytes(bytes.length, limits);
  const format = imageFormat(bytes);
  if (format === undefined)
    throw new MmelError("IMAGE_UNREADABLE", {
      what: bytes.length === 0 ? "the file is empty" : "the content of the file is not an image",
      expected: DECODABLE,
    });
  if (format === "heic")
    throw new MmelError("IMAGE_UNSUPPORTED", {
      what: "HEIC images cannot be decoded",
      expected: DECODABLE,
      hint: "Convert the image to JPEG.",
    });
  if (format === "svg") rejectUnsafeSvg(bytes);
  return await decode(bytes, format, limits).catch((error: unknown) => {
    throw error instanceof MmelError ? error : decodingError(error, format, limits);
  });
}

/** Throws `IMAGE_TOO_LARGE` if `bytes`, the size of a file, exceeds the limit. */
export function checkBytes(bytes: number, limits: ImageLimits): void {
  if (bytes <= limits.bytes) return;
  throw new MmelError("IMAGE_TOO_LARGE", {
    what: `the file is too large: ${bytes} bytes`,
    expected: `at most ${limits.bytes} bytes`,
  });
}

async function decode(bytes: Uint8Array, format: ImageFormat, limits: ImageLimits): Promise<Pixels> {
  const sharp = await loadSharp();
  const { width, height } = await sharp(bytes, { limitInputPixels: limits.pixels }).metadata();
  checkShape(width, height);
  const options: SharpOptions = {
    limitInputPixels: limits.pixels,
    failOn: "error",
    autoOrient: true,
    ...(format === "svg" && { density: svgDensity(width, height) }),
  };
  const { data, info } = await sharp(bytes, options)
    .resize({ width: MAX_SIDE, height: MAX_SIDE, fit: "inside", withoutEnlargement: true, kernel: "cubic" })
    .flatten({ background: "#fff" })
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`${info.channels} channels`);
  return { data, width: info.width, height: info.height };
}

/**
 * Returns the resolution in DPI at which to render an SVG. If its longer side has fewer than 512 pixels, the resolution
 * enlarges that side to 512 pixels; otherwise the SVG keeps its size.
 */
function svgDensity(width: number, height: number): number {
  return Math.min(100_000, SVG_DPI * Math.max(1, SVG_SIDE / Math.max(width, height)));
}

function checkShape(width: number, height: number): void {
  const aspect = Math.max(width, height) / Math.min(width, height);
  if (aspect <= MAX_ASPECT) return;
  throw new MmelError("IMAGE_UNSUPPORTED", {
    what: `the longer side of the image is ${Math.round(aspect)} times as long as the shorter side`,
    expected: `at most ${MAX_ASPECT} times as long`,
  });
}

function decodingError(cause: unknown, format: ImageFormat, limits: ImageLimits): MmelError {
  const message = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
  if (message.includes("exceeds pixel limit"))
    return new MmelError("IMAGE_TOO_LARGE", {
      what: "the image has too many pixels",
      expected: `at most ${limits.pixels} pixels`,
      hint: "Reduce the size of the image.",
      cause,
    });
  return new MmelError("IMAGE_UNREADABLE", {
    what: `the ${format.toUpperCase()} image is damaged (${message})`,
    cause,
  });
}

/** An image format, recognised by a file's first bytes. */
type ImageFormat = "jpeg" | "png" | "gif" | "webp" | "tiff" | "avif" | "heic" | "svg";

const SIGNATURES: readonly (readonly [ImageFormat, RegExp])[] = [
  ["jpeg", /^\xff\xd8\xff/],
  ["png", /^\x89PNG\r\n/],
  ["gif", /^GIF8[79]a/],
  ["webp", /^RIFF.{4}WEBP/s],
  ["tiff", /^(?:II[*+]\0|MM\0[*+])/],
  ["avif", /^.{4}ftyp(?:.{4})*?avi[fs]/s],
  ["heic", /^.{4}ftyp(?:hei[cxms]|hev[cxms]|mif1|msf1)/s],
  ["svg", /^(?:\xef\xbb\xbf)?\s*<.*?<?svg[\s>/]/s],
];

/** Number of leading bytes to search for a signature; libvips searches the same number of bytes for `<svg`. */
const HEAD_BYTES = 1000;

/** Returns the format of a file, determined from its content, or undefined if the format is unknown. */
function imageFormat(bytes: Uint8Array): ImageFormat | undefined {
  const head = mediaHead(Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString("latin1"));
  return SIGNATURES.find(([, signature]) => signature.test(head))?.[0];
}

/**
 * Returns the first box of an ISO media file, which lists the file's brands. Returns `head` unchanged for other files.
 */
function mediaHead(head: string): string {
  if (head.slice(4, 8) !== "ftyp") return head;
  const length = Buffer.from(head.slice(0, 4), "latin1").readUInt32BE();
  return head.slice(0, length);
}

/** Patterns that must not occur in a safe SVG. The text after each pattern states the problem in the error message. */
const UNSAFE_SVG: readonly (readonly [RegExp, string])[] = [
  [/<!(?:DOCTYPE|ENTITY)/i, "it declares a document type or entities"],
  [/<\?xml-stylesheet/i, "it refers to a style sheet"],
  [/@import/i, "it imports a style sheet"],
  [
    /<\s*(?:[\w-]+:)?(?:script|foreignObject|include)\b/i,
    "it contains a script, foreign content or an include",
  ],
  [/(?:href|src)\s*=\s*(?!["']\s*#)/i, "it refers to something other than its own parts"],
  [/url\s*\(\s*(?!["']?\s*#)/i, "it refers to something other than its own parts"],
  [/\\/, "it contains an escape, which could hide a reference"],
];

/**
 * Throws `IMAGE_UNSUPPORTED` unless an SVG is UTF-8 and self-contained. It must not contain a DOCTYPE, entities,
 * scripts, imported style sheets or backslashes, and may refer only to its own parts (`#id`). Rendering a
 * self-contained SVG cannot load other files or expand entities.
 */
function rejectUnsafeSvg(bytes: Uint8Array): void {
  const text = decodeUtf8(bytes);
  const reason =
    text === undefined ? "it is not UTF-8" : UNSAFE_SVG.find(([pattern]) => pattern.test(text))?.[1];
  if (reason === undefined) return;
  throw new MmelError("IMAGE_UNSUPPORTED", {
    what: `the SVG is rejected: ${reason}`,
    expected: "an SVG without entities, scripts or references to other files",
    hint: "Convert the image to PNG.",
  });
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
