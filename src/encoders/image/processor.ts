import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { issuesOf } from "../../formats/safetensors/index.js";
import { readJson } from "../model-files.js";
import type { FilterName } from "./resize.js";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The steps that turn an image into the input of a network, in this order. */
export interface Processor {
  /** Returns the size to which an image is resized; its own size if it is not resized. */
  readonly resizedSize: (image: Size) => Size;
  readonly filter: FilterName;
  /** Size of the centre crop. */
  readonly crop: Size | undefined;
  /** Lookup table [3][256]: for each channel, the input value of each byte. */
  readonly values: readonly Float32Array[];
}

/** Resampling filters, indexed by the numbers that Pillow and preprocessor configurations use. */
const FILTERS: readonly FilterName[] = ["nearest", "lanczos", "bilinear", "bicubic", "box", "hamming"];

/** The supported processors, and what a `size` that is one number means to them: the shortest edge, or both edges. */
const NUMBER_MEANS: Readonly<Record<string, "shortest edge" | "both edges">> = {
  CLIP: "shortest edge",
  Bit: "shortest edge", // DINOv2
  Siglip: "both edges",
  EfficientNet: "both edges",
  ViT: "both edges",
};

const edge = z.int().min(1).max(2048);
const edges = z.strictObject({ width: edge, height: edge });
const flag = (byDefault: boolean) => z.boolean().nullish().transform(or(byDefault));
/** A step that none of the supported processors needs, and that changes the result. */
const off = z.literal(false).nullish();
const perChannel = z.union([
  z.number().transform((value) => [value, value, value]),
  z.array(z.number()).length(3),
]);

const schema = z.object({
  do_resize: flag(true),
  size: z.union([edge, z.strictObject({ shortest_edge: edge }), edges]).nullish(),
  resample: z
    .int()
    .min(0)
    .max(FILTERS.length - 1)
    .nullish()
    .transform(or(FILTERS.indexOf("bilinear"))),
  do_center_crop: flag(false),
  crop_size: z.union([edge.transform((length) => ({ width: length, height: length })), edges]).nullish(),
  do_rescale: flag(true),
  rescale_factor: z
    .number()
    .nullish()
    .transform(or(1 / 255)),
  do_normalize: flag(true),
  image_mean: perChannel.nullish(),
  image_std: perChannel.nullish(),
  include_top: flag(true),
  rescale_offset: off,
  do_pad: off,
  do_thumbnail: off,
  do_crop_margin: off,
  do_flip_channel_order: off,
});

function or<T>(byDefault: T): (value: T | null | undefined) => T {
  return (value) => value ?? byDefault;
}

/**
 * Reads a `preprocessor_config.json` of CLIP, SigLIP, DINOv2, EfficientNet or ViT. Throws `MODEL_UNSUPPORTED` if it is
 * for another processor or has a setting that is not supported, and the errors of `readJson`.
 */
export async function readProcessor(file: string): Promise<Processor> {
  const json = await readJson(file);
  const family = familyOf(json, file);
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw unsupported(`a setting is not supported (${issuesOf(parsed.error)})`, file);
  const settings = parsed.data;
  const { size, crop_size: crop } = settings;
  if (settings.do_resize && size == null)
    throw unsupported("the images are resized, but size is missing", file);
  if (settings.do_center_crop && crop == null)
    throw unsupported("the images are cropped, but crop_size is missing", file);
  const values = valuesOf(settings, family, file);
  return {
    resizedSize: settings.do_resize
      ? (image) => resizedSize(image, size!, NUMBER_MEANS[family]!)
      : (image) => image,
    filter: FILTERS[settings.resample]!,
    crop: settings.do_center_crop ? crop! : undefined,
    values,
  };
}

type Settings = z.output<typeof schema>;

/** Returns a key of `NUMBER_MEANS`. */
function familyOf(json: object, file: string): string {
  const { image_processor_type, feature_extractor_type } = json as Readonly<Record<string, unknown>>;
  const type = image_processor_type ?? feature_extractor_type;
  const family =
    typeof type === "string" ? type.replace(/(ImageProcessor(Fast|Pil)?|FeatureExtractor)$/, "") : "";
  if (Object.hasOwn(NUMBER_MEANS, family)) return family;
  throw new MmelError("MODEL_UNSUPPORTED", {
    what: `the image processor ${JSON.stringify(type)} is not supported`,
    where: file,
    expected: Object.keys(NUMBER_MEANS)
      .map((name) => `"${name}ImageProcessor"`)
      .join(", "),
    hint: "Use an image encoder of the kind CLIP, SigLIP, DINOv2, EfficientNet or ViT.",
  });
}

function resizedSize(image: Size, size: NonNullable<Settings["size"]>, numberMeans: string): Size {
  if (typeof size === "number")
    return numberMeans === "both edges" ? { width: size, height: size } : withShortestEdge(image, size);
  return "shortest_edge" in size ? withShortestEdge(image, size.shortest_edge) : size;
}

/** Returns the size with this shortest edge and the same shape. The other edge is rounded down, as in Python. */
function withShortestEdge({ width, height }: Size, length: number): Size {
  return width < height
    ? { width: length, height: Math.floor((length * height) / width) }
    : { width: Math.floor((length * width) / height), height: length };
}

function valuesOf(settings: Settings, family: string, file: string): Float32Array[] {
  const { do_rescale, rescale_factor, do_normalize, image_mean, image_std } = settings;
  if (do_normalize && (image_mean == null || image_std == null))
    throw unsupported("the channels are normalised, but image_mean or image_std is missing", file);
  const factor = do_rescale ? rescale_factor : 1;
  const [means, deviations] = do_normalize
    ? [image_mean!, image_std!]
    : [
        [0, 0, 0],
        [1, 1, 1],
      ];
  const divisions = family === "EfficientNet" && settings.include_top && do_normalize ? 2 : 1;
  return means.map((mean, channel) => {
    const divisor = deviations[channel]! ** divisions;
    return Float32Array.from({ length: 256 }, (_, byte) => (byte * factor - mean) / divisor);
  });
}

function unsupported(what: string, where: string): MmelError {
  const hint = "Compare the file with the one that the encoder's author published.";
  return new MmelError("MODEL_UNSUPPORTED", { what, where, hint });
}
