import { type ErrorCode, MmelError } from "../../core/index.js";
import { damaged } from "../../formats/safetensors/index.js";
import type { ImageEncoderFiles } from "./find-encoder.js";
import { vectorsOf } from "./outputs.js";
import type { Pixels } from "./pixels.js";
import { createPreprocess } from "./preprocess.js";

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
 * nowhere else, and tries it on two small pictures of different shapes. Which of its outputs counts: see `vectorsOf`. `MODEL_DAMAGED`,
 * `MODEL_UNSUPPORTED`.
 */
export async function openImageEncoder(
  { id, hash, folder, network }: ImageEncoderFiles,
  { threads }: ImageEncoderOptions = {},
): Promise<ImageEncoder> {
  const { AutoModel, AutoProcessor, env, LogLevel, RawImage, Tensor } = await import(
    "@huggingface/transformers"
  );
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
  try {
    const preprocess = await named("MODEL_UNSUPPORTED", () =>
      createPreprocess({ processor, RawImage, Tensor }, PROBES),
    );
    const run = async (pictures: readonly Pixels[]): Promise<Float32Array[]> =>
      vectorsOf(await model(await preprocess(pictures)));
    const [probe] = await named("MODEL_UNSUPPORTED", () => run(PROBES));
    return {
      id,
      hash,
      width: probe!.length,
      encode: (pictures) => named("ENGINE", () => run(pictures)),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }

  async function close(): Promise<void> {
    await model.dispose();
  }

  async function named<T>(code: ErrorCode, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof MmelError) throw cause;
      throw new MmelError(code, { what: `the image encoder fails (${wordsOf(cause)})`, where: id, cause });
    }
  }
}

/** A lying and a standing picture that show what is done to each byte; every encoder must take both in one batch. */
const PROBES: readonly Pixels[] = [
  [96, 64],
  [70, 106],
].map(([width = 0, height = 0]) => ({
  data: Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * 37 + (at >> 8) * 11) & 255),
  width,
  height,
}));

const wordsOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
