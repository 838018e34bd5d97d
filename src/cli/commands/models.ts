import { type Command, Option } from "commander";
import { MmelError } from "../../core/index.js";
import { type Context, print } from "../context.js";
import { integer, jsonOption, number } from "../options.js";
import { table } from "../table.js";

export function installModels(program: Command, context: Context): void {
  const models = program.command("models").description("the models that a linker can use");

  models
    .command("list")
    .description("the models that came with this installation")
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  mmel models list")
    .action((options: { json?: boolean }) => list(context, options));

  models
    .command("show")
    .description("what a model is: a bundled one by name, or a checkpoint folder")
    .argument("<name|dir>")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      "\nExamples:\n  mmel models show lexical\n  mmel models show ./my-checkpoint --json",
    )
    .action((name: string, options: { json?: boolean }) => show(context, name, options));

  models
    .command("pull")
    .description("make a model ready for use offline, and print its folder")
    .argument(
      "<name>",
      "a bundled model, which is there already, or ORGANISATION/NAME@COMMIT of the Hugging Face hub",
    )
    .option("--cache <dir>", "where what is fetched is kept (default: ~/.cache/mmel)")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
A checkpoint of the hub is then given as --model FOLDER, a text encoder to \`mmel models init --encoder FOLDER\`.

Examples:
  mmel models pull mmel-mini-en
  mmel models pull sentence-transformers/all-MiniLM-L6-v2@COMMIT`,
    )
    .action((name: string, options: PullOptions) => pull(context, name, options));

  models
    .command("init")
    .description("make an untrained checkpoint: a pretrained text encoder under a random head")
    .argument("<dir>", "the checkpoint's folder")
    .requiredOption("--encoder <dir>", "folder of the text encoder, as Hugging Face has it")
    .option("--name <name>", "what links call it", "untrained")
    .option("--variant <name>", "MMEL or a variant of it, such as MMEL-onlytext", "MMEL")
    .option("--width <d>", "hidden width of the head", integer(8), 512)
    .option("--layers <n>", "keep the encoder's first layers only", integer(1))
    .option("--image-encoder <name|dir>", "what it looks at pictures with, such as efficientnet-lite0")
    .option("--views <n>", "vectors a picture: 1 the whole, 3 and halves, 4 or thirds, 6 both", integer(1), 1)
    .option("--seed <s>", "of the head's weights", integer(0), 1)
    .addHelpText(
      "after",
      `
Examples:
  mmel models init ./untrained --encoder ./all-MiniLM-L6-v2 --variant MMEL-onlytext
  mmel models init ./untrained --encoder ./all-MiniLM-L6-v2 --image-encoder efficientnet-lite0`,
    )
    .action((folder: string, options: InitOptions) => init(context, folder, options));

  models
    .command("convert")
    .description("a copy of a checkpoint that stores its weights smaller, or uses its network otherwise")
    .argument("<dir>", "the checkpoint")
    .requiredOption("--output <dir>", "folder of the copy")
    .addOption(new Option("--precision <dtype>", "I8: a scale a row").choices(["F32", "F16", "I8"]))
    .option("--name <name>", "what links call it")
    .option(
      "--most <n>",
      "candidates a mention that the first stage passes to the network at most",
      integer(1),
    )
    .option("--least <n>", "at least; one alone needs no network", integer(1))
    .option(
      "--doubt <share>",
      "it passes on so many that the others together have no more than this",
      number(0),
    )
    .option("--collaborative-weight <w>", "weight of what the other mentions add", number(0))
    .addHelpText("after", "\nExample:\n  mmel models convert runs/mine/model --precision I8 --output ./mine")
    .action((folder: string, options: ConvertOptions) => convert(context, folder, options));
}

interface PullOptions {
  readonly cache?: string;
  readonly json?: boolean;
}

async function pull(context: Context, name: string, { cache, json }: PullOptions): Promise<void> {
  const { pullModel } = await import("../../models/pull.js");
  const folder = await pullModel(name, {
    ...(cache !== undefined && { cache }),
    signal: context.signal,
  });
  await print(context, json ? `${JSON.stringify({ name, folder })}\n` : `${folder}\n`);
}

interface ConvertOptions {
  readonly output: string;
  readonly precision?: "F32" | "F16" | "I8";
  readonly name?: string;
  readonly most?: number;
  readonly least?: number;
  readonly doubt?: number;
  readonly collaborativeWeight?: number;
}

async function convert(context: Context, folder: string, options: ConvertOptions): Promise<void> {
  const { openCheckpoint, parseCheckpointConfig, readWeights, saveCheckpoint } = await import(
    "../../models/checkpoint/index.js"
  );
  const { output, precision, name, collaborativeWeight, ...selection } = options;
  const { config: old, tokenizer, weights: stored } = await openCheckpoint(folder);
  const changed = {
    ...old,
    ...(precision && { precision }),
    ...(name && { name }),
    ...(Object.keys(selection).length > 0 && { selection: { ...old.selection, ...selection } }),
    ...(collaborativeWeight !== undefined && { ranking: { ...old.ranking, collaborativeWeight } }),
  };
  const config = parseCheckpointConfig(changed, "the options");
  const content = { config, tokenizer: tokenizer.json, weights: await readWeights(stored) };
  const weights = await saveCheckpoint(output, content);
  const { copyImageLikeness, hashWithLikeness } = await import(
    "../../models/image-likeness/likeness-files.js"
  );
  await copyImageLikeness(folder, output);
  await print(context, `${config.name}@${await hashWithLikeness(output, weights)} in ${output}\n`);
}

interface InitOptions {
  readonly encoder: string;
  readonly name: string;
  readonly variant: string;
  readonly width: number;
  readonly layers?: number;
  readonly imageEncoder?: string;
  readonly views: number;
  readonly seed: number;
}

async function init(context: Context, folder: string, options: InitOptions): Promise<void> {
  const { initialCheckpoint } = await import("../../models/checkpoint/index.js");
  const { mmelConfigSchema } = await import("../../models/mmel/index.js");
  const { saveCheckpoint } = await import("../../models/checkpoint/index.js");
  const { encoder, name, variant, width: d, layers, views: imageViews, seed } = options;
  const eyes = options.imageEncoder === undefined ? undefined : await eyesOf(options.imageEncoder);
  const head = mmelConfigSchema.safeParse({ variant, d, imageViews, imageWidth: eyes?.width });
  if (!head.success)
    throw new MmelError("CONFIG", {
      what: head.error.issues[0]?.message ?? "no such head",
      where: "--variant, --width",
    });
  const content = await initialCheckpoint(encoder, {
    name,
    seed,
    head: head.data,
    ...(layers !== undefined && { layers }),
    ...(eyes !== undefined && { imageEncoder: { id: eyes.id, hash: eyes.hash } }),
  });
  const hash = await saveCheckpoint(folder, content);
  await print(context, `${name}@${hash} in ${folder}, untrained\n`);
}

/** What an image encoder is called, and the width of its vectors. */
async function eyesOf(name: string): Promise<{ id: string; hash: string; width: number }> {
  const { findImageEncoder, openImageEncoder } = await import("../../encoders/image/index.js");
  await using encoder = await openImageEncoder(await findImageEncoder(name));
  const { id, hash, width } = encoder;
  return { id, hash, width };
}

async function list(context: Context, { json }: { json?: boolean }): Promise<void> {
  const { bundledModels } = await import("../../models/registry.js");
  const models = await bundledModels();
  if (json) return print(context, `${JSON.stringify({ models })}\n`);
  const rows = models.map(({ name, isDefault, description }) => [
    name,
    isDefault ? "default" : "",
    description,
  ]);
  await print(context, table(["name", "", "what it is"], rows, 90));
}

async function show(context: Context, name: string, { json }: { json?: boolean }): Promise<void> {
  const { describeModel } = await import("../../models/registry.js");
  const description = await describeModel(name);
  if (json) return print(context, `${JSON.stringify(description)}\n`);
  const { facts, card } = description;
  const width = Math.max(...Object.keys(facts).map((key) => key.length));
  const lines = Object.entries(facts).map(([key, value]) => `${key.padEnd(width)}  ${String(value)}`);
  await print(context, `${lines.join("\n")}\n${card === undefined ? "" : `\n${card.trim()}\n`}`);
}
