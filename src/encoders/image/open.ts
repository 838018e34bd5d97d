import { MmelError } from "../../core/index.js";
import { damaged } from "../../formats/safetensors/index.js";
import type { ImageEncoderFiles } from "./folder.js";
import { vectorsOf } from "./outputs.js";
import { pictureMaker } from "./picture.js";
import type { Pixels } from "./pixels.js";

/** A frozen network that makes vectors of pictures. */
export interface ImageEncoder extends AsyncDisposable {
  readonly id: string;
  /** Of the files that decide the vectors; a model says whose vectors it was trained on. */
  readonly hash: string;
  /** d_v */
  readonly width: number;
  /** The vector of each picture [d_v], in order; the whole batch runs at once and blocks the thread. `ENGINE`. */
  encode(pictures: readonly Pixels[]): Promise<Float32Array[]>;
}

export interface ImageEncoderOptions {
  /** Threads of one operator; default: all cores. */
  readonly threads?: number | undefined;
}

/**
 * Loads an image encoder by `AutoModel` and `AutoProcessor` of transformers.js, which finds its files in the folder and
 * nowhere else, and tries it on two small pictures. Which of its outputs counts: see `vectorsOf`. `MODEL_DAMAGED`,
 * `MODEL_UNSUPPORTED`.
 */
export async function openImageEncoder(
  { id, hash, folder, network }: ImageEncoderFiles,
  { threads }: ImageEncoderOptions = {},
): Promise<ImageEncoder> {
  const { AutoModel, AutoProcessor, env, LogLevel, RawImage } = await import("@huggingface/transformers");
  env.allowRemoteModels = false;
  env.logLevel = LogLevel.NONE; // what fails is thrown
  const loading = [
    AutoModel.from_pretrained(folder, {
      local_files_only: true,
      model_file_name: network.name,
      dtype: network.dtype,
      session_options: {
        ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
        enableMemPattern: false,
        extra: { session: { intra_op: { allow_spinning: "0" } } }, // idle threads leave the cores to decoding
      },
    }),
    AutoProcessor.from_pretrained(folder, { local_files_only: true }),
  ] as const;
  const [model, processor] = await Promise.all(loading).catch((cause: unknown) => {
    throw damaged(`the image encoder cannot be loaded (${wordsOf(cause)})`, folder);
  });
  const picture = pictureMaker(RawImage);
  const run = async (pictures: readonly Pixels[]): Promise<Float32Array[]> =>
    vectorsOf(await model(await processor(pictures.map(picture))));
  const encode = (pictures: readonly Pixels[]): Promise<Float32Array[]> =>
    run(pictures).catch((cause: unknown) => {
      if (cause instanceof MmelError) throw cause;
      throw new MmelError("ENGINE", {
        what: `the image encoder failed (${wordsOf(cause)})`,
        where: id,
        cause,
      });
    });
  try {
    return { id, hash, width: await probe(run, id), encode, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }

  async function close(): Promise<void> {
    await model.dispose();
  }
}

/** The width of the vectors of a lying and a standing picture in one batch. */
async function probe(
  run: (pictures: readonly Pixels[]) => Promise<Float32Array[]>,
  id: string,
): Promise<number> {
  const blank = (width: number, height: number): Pixels => ({
    data: new Uint8Array(width * height * 3),
    width,
    height,
  });
  const vectors = await run([blank(96, 64), blank(64, 96)]).catch((cause: unknown) => {
    if (cause instanceof MmelError) throw cause;
    throw new MmelError("MODEL_UNSUPPORTED", {
      what: `the encoder fails on two blank pictures (${wordsOf(cause)})`,
      where: id,
      expected: "an encoder of pictures that brings all to one size",
      cause,
    });
  });
  return vectors[0]!.length;
}

const wordsOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
