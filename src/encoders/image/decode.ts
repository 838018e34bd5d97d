import type { SharpOptions } from "sharp";
import { MmelError } from "../../core/index.js";
import { type ImageFormat, imageFormat } from "./format.js";
import type { Pixels } from "./pixels.js";
import { refuseUnsafeSvg } from "./svg.js";

/** How much of a stranger's file is dealt with. */
export interface ImageLimits {
  /** Bytes of a file. */
  readonly bytes: number;
  /** Pixels of the decoded picture, of one frame. */
  readonly pixels: number;
}

export const IMAGE_LIMITS: ImageLimits = { bytes: 64 * 2 ** 20, pixels: 50_000_000 };

/** Pixels of the longer side that are kept: several times what encoders read, also of a third of a picture. */
const SIDE = 2048;
/** The longer side at which a drawing is rendered. */
const DRAWING_SIDE = 512;
const DRAWING_DPI = 72;
const SECONDS = 60;
/** The longer side over the shorter one; an encoder that scales the shorter side up would need a huge picture. */
const SLIMMEST = 64;

/**
 * Decodes a picture: the first frame, turned as its EXIF orientation says, in 8-bit sRGB (CMYK, grey, 16-bit and other
 * profiles converted), transparency on white; one with a side over 2,048 pixels is reduced to that.
 * `IMAGE_UNREADABLE`: no picture, or a damaged one; `IMAGE_TOO_LARGE`; `IMAGE_UNSUPPORTED`: a form that cannot be
 * decoded here, an SVG that is not whole in itself, or a picture over 64 times as long as wide.
 */
export async function decodeImage(bytes: Uint8Array, limits: ImageLimits = IMAGE_LIMITS): Promise<Pixels> {
  checkBytes(bytes.length, limits);
  const format = imageFormat(bytes);
  if (format === undefined) throw noPicture(bytes);
  if (format === "heic") throw undecodable();
  if (format === "svg") refuseUnsafeSvg(bytes);
  const pixels = await decode(bytes, format, limits).catch((error: unknown) => {
    throw decodingError(error, format, limits);
  });
  const slimness = Math.max(pixels.width, pixels.height) / Math.min(pixels.width, pixels.height);
  if (slimness > SLIMMEST)
    throw new MmelError("IMAGE_UNSUPPORTED", {
      what: `the picture is ${Math.round(slimness)} times as long as wide`,
      expected: `at most ${SLIMMEST} times`,
    });
  return pixels;
}

/** `IMAGE_TOO_LARGE` for a file of so many bytes. */
export function checkBytes(bytes: number, limits: ImageLimits): void {
  if (bytes <= limits.bytes) return;
  throw new MmelError("IMAGE_TOO_LARGE", {
    what: `the file has ${bytes} bytes`,
    expected: `at most ${limits.bytes}`,
  });
}

async function decode(bytes: Uint8Array, format: ImageFormat, limits: ImageLimits): Promise<Pixels> {
  const { default: sharp } = await import("sharp");
  const options: SharpOptions = {
    limitInputPixels: limits.pixels,
    failOn: "error",
    autoOrient: true,
    ...(format === "svg" && { density: await drawingDensity(bytes, limits) }),
  };
  const { data, info } = await sharp(bytes, options)
    .timeout({ seconds: SECONDS })
    .resize({ width: SIDE, height: SIDE, fit: "inside", withoutEnlargement: true, kernel: "cubic" })
    .flatten({ background: "#fff" })
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`${info.channels} channels`);
  return { data, width: info.width, height: info.height };
}

/** The resolution that renders a drawing's longer side at 512 pixels, or what it asks for if that is more. */
async function drawingDensity(bytes: Uint8Array, limits: ImageLimits): Promise<number> {
  const { default: sharp } = await import("sharp");
  const { width, height } = await sharp(bytes, { limitInputPixels: limits.pixels }).metadata();
  return Math.min(100_000, DRAWING_DPI * Math.max(1, DRAWING_SIDE / Math.max(width, height)));
}

function noPicture(bytes: Uint8Array): MmelError {
  return new MmelError("IMAGE_UNREADABLE", {
    what: bytes.length === 0 ? "the file is empty" : "the file is no picture, whatever its name says",
    expected: "JPEG, PNG, WebP, AVIF, GIF, TIFF or SVG",
  });
}

function undecodable(): MmelError {
  return new MmelError("IMAGE_UNSUPPORTED", {
    what: "HEIC pictures cannot be decoded here",
    expected: "JPEG, PNG, WebP, AVIF, GIF, TIFF or SVG",
    hint: "converting it to JPEG",
  });
}

function decodingError(cause: unknown, format: ImageFormat, limits: ImageLimits): MmelError {
  const said = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
  if (said.includes("exceeds pixel limit"))
    return new MmelError("IMAGE_TOO_LARGE", {
      what: "the picture has too many pixels",
      expected: `at most ${limits.pixels}`,
      hint: "reducing it",
      cause,
    });
  return new MmelError("IMAGE_UNREADABLE", {
    what: `the ${format.toUpperCase()} picture is damaged (${said})`,
    cause,
  });
}
