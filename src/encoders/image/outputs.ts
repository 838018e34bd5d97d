import { MmelError } from "../../core/index.js";

/** An output of a network as transformers.js gives it. */
interface Output {
  readonly data: unknown;
  readonly dims: readonly number[];
}

/**
 * One vector a picture from what an image network gives, the first of
 * - `pooler_output` [B, d]: CLIP and DINOv2 exported with it, SigLIP, EfficientNet;
 * - `image_embeds` [B, d]: CLIP with its projection;
 * - `last_hidden_state` [B, C, H, W]: the mean over the places;
 * - `last_hidden_state` [B, T, d]: the class token, which is the first; where T is a square there is none, but a grid of
 *   patches, and the mean is taken.
 *
 * `MODEL_UNSUPPORTED` when there is none of them.
 */
export function vectorsOf(outputs: Readonly<Record<string, Output>>): Float32Array[] {
  const { pooler_output, image_embeds, last_hidden_state } = outputs;
  const { data, dims } = pooler_output ?? image_embeds ?? last_hidden_state ?? none(Object.keys(outputs));
  if (!(data instanceof Float32Array)) throw none(["values that are no float32"]);
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

/** The means of `width` features: feature f at place p stands at f * `feature` + p * `place`. */
function meanOf(row: Float32Array, width: number, feature: number, place: number): Float32Array {
  const places = row.length / width;
  return Float32Array.from({ length: width }, (_, f) => {
    let sum = 0;
    for (let p = 0; p < places; p++) sum += row[f * feature + p * place]!;
    return sum / places;
  });
}

function none(names: readonly string[]): never {
  throw new MmelError("MODEL_UNSUPPORTED", {
    what: `the image encoder gives ${names.join(", ") || "nothing"}`,
    expected: "pooler_output, image_embeds or last_hidden_state",
  });
}
