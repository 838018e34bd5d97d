import { join } from "node:path";
import { type ErrorCode, MmelError } from "../../core/index.js";
import { damaged } from "../../formats/safetensors/index.js";
import { loadOnnxruntime } from "../../tensor/onnx/runtime/load.js";
import { type ImageEncoderFiles, PROCESSOR } from "./find-encoder.js";
import type { Pixels } from "./pixels.js";
import { preprocess } from "./preprocess.js";
import { readProcessor } from "./processor.js";

/** A frozen network that computes a vector for each image. */
export interface ImageEncoder extends AsyncDisposable {
  readonly id: string;
  /**
   * Hash of the files that determine the vectors. A model stores this hash and accepts only vectors from the same
   * encoder.
   */
  readonly hash: string;
  /** d_v, width of a vector. */
  readonly width: number;
  /**
   * Computes the vector [d_v] of each image, in order. Runs the whole batch in one call, which blocks the thread.
   * Throws `ENGINE` if the network fails.
   */
  encode(images: readonly Pixels[]): Promise<Float32Array[]>;
}

export interface ImageEncoderOptions {
  /** Threads per operator; default: all cores. */
  readonly threads?: number | undefined;
}

const INPUT = "pixel_values";

/**
 * Loads an image encoder from local files. Tests the encoder on two small images of different shapes. `vectorsOf`
 * selects the network's output. Throws `MODEL_DAMAGED` if the network cannot be loaded, `MODEL_UNSUPPORTED` if its
 * processor is not supported, or if it needs other inputs than images, fails on the test images or has no suitable
 * output, and the errors of `readProcessor` and `loadOnnxruntime`.
 */
export async function openImageEncoder(
  { id, hash, folder, network }: ImageEncoderFiles,
  { threads }: ImageEncoderOptions = {},
): Promise<ImageEncoder> {
  const processor = await readProcessor(join(folder, PROCESSOR));
  const { InferenceSession, Tensor } = await loadOnnxruntime();
  const loading = InferenceSession.create(join(folder, network), {
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    enableMemPattern: false,
    extra: { session: { intra_op: { allow_spinning: "0" } } }, // leaves idle cores free to decode images
    logSeverityLevel: 4, // failures are thrown as errors
  });
  const session = await loading.catch((cause: unknown) => {
    throw damaged(`the image encoder cannot be loaded (${messageOf(cause)})`, folder);
  });
  try {
    checkInputs(session.inputNames, folder);
    const run = async (images: readonly Pixels[]): Promise<Float32Array[]> => {
      const { data, shape } = await preprocess(processor, images);
      return vectorsOf(await session.run({ [INPUT]: new Tensor("float32", data, shape) }));
    };
    const [probe] = await withCode("MODEL_UNSUPPORTED", () => run(PROBES));
    return {
      id,
      hash,
      width: probe!.length,
      encode: (images) => withCode("ENGINE", () => run(images)),
      [Symbol.asyncDispose]: () => session.release(),
    };
  } catch (error) {
    await session.release();
    throw error;
  }

  async function withCode<T>(code: ErrorCode, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof MmelError) throw cause;
      throw new MmelError(code, {
        what: `the image encoder failed (${messageOf(cause)})`,
        where: id,
        cause,
      });
    }
  }
}

function checkInputs(names: readonly string[], folder: string): void {
  if (names.length === 1 && names[0] === INPUT) return;
  throw new MmelError("MODEL_UNSUPPORTED", {
    what: `the image encoder's inputs are ${names.join(", ")}`,
    where: folder,
    expected: `only ${INPUT}`,
    hint: "Export the part of the network that encodes images as `onnx/vision_model.onnx`.",
  });
}

/** A landscape and a portrait image with varied bytes; every encoder must accept both in one batch. */
const PROBES: readonly Pixels[] = [
  [96, 64],
  [70, 106],
].map(([width = 0, height = 0]) => ({
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37 + (i >> 8) * 11) & 255),
  width,
  height,
}));

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** An output of a network. */
interface Output {
  readonly data: unknown;
  readonly dims: readonly number[];
}

/**
 * Returns one vector per image from the outputs of an image network. Uses the first of these outputs that exists:
 * - `pooler_output` [B, d]: SigLIP and EfficientNet, and also CLIP and DINOv2 if exported with this output;
 * - `image_embeds` [B, d]: CLIP with its projection;
 * - `last_hidden_state` [B, C, H, W]: the mean over positions;
 * - `last_hidden_state` [B, T, d]: the first token (the class token) or, if T is a square number, the mean over all
 *   tokens. In the second case, the tokens are a grid of patches without a class token.
 *
 * Throws `MODEL_UNSUPPORTED` if none of these outputs exists or the values are not float32.
 */
export function vectorsOf(outputs: Readonly<Record<string, Output>>): Float32Array[] {
  const { pooler_output, image_embeds, last_hidden_state } = outputs;
  const { data, dims } = pooler_output ?? image_embeds ?? last_hidden_state ?? noVector(Object.keys(outputs));
  if (!(data instanceof Float32Array)) throw noVector(["values that are not float32"]);
  const [batch = 0, ...shape] = dims;
  const size = data.length / batch;
  const rows = Array.from({ length: batch }, (_, row) => data.slice(row * size, (row + 1) * size));
  return rows.map((row) => pooled(row, shape));
}

function pooled(row: Float32Array, shape: readonly number[]): Float32Array {
  const [first = 0, second = 0] = shape;
  if (shape.length === 3) return meanOf(row, first, row.length / first, 1);
  if (shape.length !== 2) return row;
  return Number.isInteger(Math.sqrt(first)) ? meanOf(row, second, 1, second) : row.slice(0, second);
}

/**
 * Computes the mean of each of `width` features over all positions. `feature` and `position` are strides: in `row`, the
 * value of feature f at position p has the index `f * feature + p * position`.
 */
function meanOf(row: Float32Array, width: number, feature: number, position: number): Float32Array {
  const positions = row.length / width;
  return Float32Array.from({ length: width }, (_, f) => {
    let sum = 0;
    for (let p = 0; p < positions; p++) sum += row[f * feature + p * position]!;
    return sum / positions;
  });
}

function noVector(names: readonly string[]): never {
  throw new MmelError("MODEL_UNSUPPORTED", {
    what: `the image encoder returns ${names.join(", ") || "nothing"}`,
    expected: "pooler_output, image_embeds or last_hidden_state",
  });
}
