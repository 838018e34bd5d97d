import type { Command } from "commander";
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
    .description("compute the vectors of pictures, each picture once")
    .argument("<images>", "the folder of pictures, with its subfolders")
    .requiredOption("--encoder <name|dir>", "efficientnet-lite0, a folder, or ORGANISATION/NAME@COMMIT")
    .requiredOption("--output <dir>", "where vectors are kept, of any number of encoders and folders")
    .option("--views <n>", "vectors a picture: 1 the whole, 3 and halves, 4 or thirds, 6 both", integer(1), 1)
    .addOption(jsonOption())
    .addOption(onErrorOption())
    .addOption(rejectsOption())
    .addHelpText(
      "after",
      `
Vectors are found again by the content of a picture's file, whatever it is called and wherever it lies. An interrupted
run keeps what it did. A hub model is fetched only when it is named so, with its commit.

Example:
  mmel features ./photos --encoder efficientnet-lite0 --output ./vectors`,
    )
    .action((images: string, options: FeaturesCommandOptions) => computeFeatures(context, images, options));
}

/** Pictures looked at beside one another; how many are decoded at a time is the features' own matter. */
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
  await using input = await openInput(context, options);
  await using features = await openFeatures({ images, store, encoder, views, signal });
  using progress = createProgress(context, "pictures", paths.length);
  const counts = { unchanged: 0, read: 0, encoded: 0 };
  let done = 0;
  const waiting = paths.entries();
  const lane = async (): Promise<void> => {
    for (const [at, path] of waiting) {
      try {
        counts[(await features.picture(path)).effort] += 1;
      } catch (error) {
        if (!isBadPicture(error)) throw error;
        await input.reject({ kind: "rejected", line: at + 1, id: path, error, excerpt: "" });
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
    options.json ? `${JSON.stringify({ output: store, ...report })}\n` : sentence(report, store),
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
    /** What the encoder alone does, without reading, decoding and storing. */
    encoderVectorsPerSecond: vectors === 0 ? null : rounded(vectors / encoderSeconds),
  };
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

function sentence({ encoder, pictures, ...of }: Report, store: string): string {
  const bare =
    of.encoderVectorsPerSecond === null
      ? ""
      : `; the encoder by itself ${of.encoderVectorsPerSecond.toFixed(0)} vectors/s`;
  return `${pictures} pictures in ${store} (${encoder.id}@${encoder.hash.slice(0, 16)}): ${of.encoded} encoded, ${of.read} had a known content, ${of.unchanged} unchanged, ${of.rejected} bad; ${of.seconds} s, ${of.picturesPerSecond.toFixed(0)} pictures/s${bare}\n`;
}
