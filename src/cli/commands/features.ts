import type { Command } from "commander";
import { counted } from "../../core/index.js";
import type { Effort, Features } from "../../pictures/index.js";
import { type Context, print } from "../context.js";
import { openInput } from "../input.js";
import { integer, jsonOption, onErrorOption, rejectsOption } from "../options.js";
import { createProgress } from "../progress.js";

interface FeaturesCommandOptions {
  readonly encoder: string;
  readonly output: string;
  readonly views: number;
  readonly onError: "skip" | "fail";
  readonly rejects?: string;
  readonly json?: boolean;
}

export function installFeatures(program: Command, context: Context): void {
  program
    .command("features")
    .description("Compute and store the image vectors of a folder of pictures")
    .argument("<images>", "folder of pictures, including its subfolders")
    .requiredOption(
      "--encoder <name|dir>",
      "image encoder: efficientnet-lite0, a folder, or ORGANISATION/NAME@COMMIT",
    )
    .requiredOption(
      "--output <dir>",
      "folder for the vectors; can be shared by several encoders and picture folders",
    )
    .option(
      "--views <n>",
      "vectors per picture: 1 (whole), 3 (whole and halves), 4 (whole and thirds) or 6 (whole, halves and thirds)",
      integer(1),
      1,
    )
    .addOption(jsonOption())
    .addOption(onErrorOption())
    .addOption(rejectsOption())
    .addHelpText(
      "after",
      `
Vectors are stored by file content, so renamed and moved pictures are not encoded again. Vectors computed before an
interruption are kept. ORGANISATION/NAME@COMMIT downloads the encoder from the Hugging Face hub.

Example:
  mmel features ./photos --encoder efficientnet-lite0 --output ./vectors`,
    )
    .action((images: string, options: FeaturesCommandOptions) => computeFeatures(context, images, options));
}

/** Number of pictures to process concurrently. `openFeatures` has its own limit for decoded pictures. */
const LANES = 64;

async function computeFeatures(
  context: Context,
  images: string,
  options: FeaturesCommandOptions,
): Promise<void> {
  const { findImageEncoder } = await import("../../encoders/image/index.js");
  const { isBadPicture, listImages, openFeatures } = await import("../../pictures/index.js");
  const { encoder: name, output: store, views } = options;
  const { signal } = context;
  const started = performance.now();
  const encoder = await findImageEncoder(name);
  const paths = await listImages(images);
  await using input = openInput(context, options);
  await using features = await openFeatures({ images, store, encoder, views, signal });
  await input.begin();
  using progress = createProgress(context, "pictures", paths.length);
  const counts = { unchanged: 0, read: 0, encoded: 0 };
  let done = 0;
  const waiting = paths.entries();
  const lane = async (): Promise<void> => {
    for (const [index, path] of waiting) {
      try {
        counts[(await features.picture(path)).effort] += 1;
      } catch (error) {
        if (!isBadPicture(error)) throw error;
        await input.reject({ kind: "rejected", line: index + 1, id: path, error, excerpt: "" });
      }
      progress.update(++done);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  progress[Symbol.dispose]();
  const seconds = (performance.now() - started) / 1000;
  const report = await reportOf(features, {
    pictures: paths.length,
    counts,
    seconds,
    rejected: input.rejected(),
  });
  await print(
    context,
    options.json ? `${JSON.stringify({ output: store, ...report })}\n` : textOf(report, store),
  );
}

interface Outcome {
  readonly pictures: number;
  readonly counts: Readonly<Record<Effort, number>>;
  readonly seconds: number;
  readonly rejected: number;
}

type Report = Awaited<ReturnType<typeof reportOf>>;

async function reportOf(features: Features, { pictures, counts, seconds, rejected }: Outcome) {
  const { pictures: vectors, seconds: encoderSeconds } = features.encoded();
  return {
    encoder: features.encoder,
    views: features.views,
    width: pictures === rejected ? null : await features.width(),
    pictures,
    ...counts,
    rejected,
    seconds: rounded(seconds),
    picturesPerSecond: rounded(pictures / seconds),
    /** Speed of the encoder alone, without reading, decoding and storing. */
    encoderVectorsPerSecond: vectors === 0 ? null : rounded(vectors / encoderSeconds),
  };
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

function textOf({ encoder, pictures, ...figures }: Report, store: string): string {
  const { encoded, read, unchanged, rejected, seconds, picturesPerSecond, encoderVectorsPerSecond } = figures;
  const encoderSpeed =
    encoderVectorsPerSecond === null ? "" : `, encoder alone ${encoderVectorsPerSecond.toFixed(0)} vectors/s`;
  return `Vectors of ${counted(pictures, "picture")} are in ${store} (${encoder.id}@${encoder.hash.slice(0, 16)}): ${encoded} encoded, ${read} recognised by their content, ${unchanged} unchanged, ${rejected} unreadable; ${seconds} s, ${picturesPerSecond.toFixed(0)} pictures/s${encoderSpeed}\n`;
}
