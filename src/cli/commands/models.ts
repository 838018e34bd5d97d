import { type Command, Option } from "commander";
import { MmelError } from "../../core/index.js";
import type { Checkpoint } from "../../models/checkpoint/index.js";
import type { Divisors } from "../../tensor/onnx/index.js";
import { openCaptions } from "../captions.js";
import { type Context, print } from "../context.js";
import { integer, jsonOption, number } from "../options.js";
import { table } from "../table.js";

export function installModels(program: Command, context: Context): void {
  const models = program.command("models").description("List, inspect, download and convert models");

  models
    .command("list")
    .description("List the bundled models")
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  mmel models list")
    .action((options: { json?: boolean }) => list(context, options));

  models
    .command("show")
    .description("Show the properties and the model card of a model")
    .argument("<name|dir>", "a bundled model or a checkpoint folder")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      "\nExamples:\n  mmel models show lexical\n  mmel models show ./my-checkpoint --json",
    )
    .action((name: string, options: { json?: boolean }) => show(context, name, options));

  models
    .command("pull")
    .description("Download a model for offline use and print its folder")
    .argument("<name>", "ORGANISATION/NAME@COMMIT on the Hugging Face hub, or a bundled model (no download)")
    .option("--cache <dir>", "folder for downloads (default: ~/.cache/mmel)")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Pass the printed folder as --model. If it contains a text encoder, pass it to \`mmel models init --encoder FOLDER\`.

Examples:
  mmel models pull mmel-mini-en
  mmel models pull sentence-transformers/all-MiniLM-L6-v2@COMMIT`,
    )
    .action((name: string, options: PullOptions) => pull(context, name, options));

  models
    .command("init")
    .description("Create an untrained checkpoint: a pretrained text encoder with a random head")
    .argument("<dir>", "folder for the new checkpoint")
    .requiredOption("--encoder <dir>", "folder of a text encoder in Hugging Face format")
    .option("--name <name>", "model name shown in links", "untrained")
    .option(
      "--variant <name>",
      "MMEL, one of its variants, such as MMEL-onlytext, or a baseline, such as BERT",
      "MMEL",
    )
    .option("--width <d>", "hidden width of the head", integer(8), 512)
    .option("--layers <n>", "keep only the first n layers of the encoder", integer(1))
    .option("--image-encoder <name|dir>", "image encoder, such as efficientnet-lite0")
    .option(
      "--views <n>",
      "vectors per picture: 1 (whole), 3 (whole and halves), 4 (whole and thirds) or 6 (whole, halves and thirds)",
      integer(1),
      1,
    )
    .option("--seed <s>", "random seed for the weights of the head", integer(0), 1)
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
    .description(
      "Copy a checkpoint, without its calibration, with a different precision or different ranking settings",
    )
    .argument("<dir>", "folder of the checkpoint")
    .requiredOption("--output <dir>", "folder for the copy")
    .addOption(
      new Option("--precision <dtype>", "precision of the weights (I8: with one scale per row)").choices([
        "F32",
        "F16",
        "I8",
      ]),
    )
    .option("--name <name>", "model name shown in links")
    .option(
      "--most <n>",
      "maximum number of candidates to select per mention for the network, not counting ties with the last of them",
      integer(1),
    )
    .option(
      "--least <n>",
      "minimum number of candidates to select per mention; a mention with a single selected candidate skips the network",
      integer(1),
    )
    .option(
      "--doubt <share>",
      "select candidates, best first, until the total probability of the remaining candidates is at most this (0 to 1)",
      number(0),
    )
    .option(
      "--context-weight <a>",
      "multiply the network's logits by a · ln(1 + number of words besides the names), or less if the other names decide",
      number(0),
    )
    .option(
      "--collaborative-weight <w>",
      "weight of a caption's other mentions when a mention is ranked (0: they are ignored)",
      number(0),
    )
    .option(
      "--average <name|dir>",
      "average the weights with those of this model, for example the model from which the training started (--init)",
    )
    .option(
      "--int8 <captions>",
      "make linking faster: prepare the text encoder for products in int8, with a few hundred captions like those to link (I8 only; needs --kb)",
    )
    .option("--kb <target>", "knowledge base of the captions for --int8: a folder, or postgres://…")
    .addHelpText(
      "after",
      `
A model that was trained further learns the new captions and forgets some of the old. With --average, the mean of both is
often better on all captions than either.

With --int8, the text encoder rounds its activations to 8 bits; their ranges are measured on the captions. The captions are
not stored. On processors without exact products in int8, the converted model computes in float32.

Examples:
  mmel models convert runs/mine/model --precision I8 --output ./mine
  mmel models convert runs/mine/model --average mmel-mini-en --output ./mine
  mmel models convert runs/mine/model --precision I8 --int8 train.jsonl --kb ./people --output ./mine`,
    )
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
  readonly contextWeight?: number;
  readonly collaborativeWeight?: number;
  readonly average?: string;
  readonly int8?: string;
  readonly kb?: string;
}

async function convert(context: Context, folder: string, options: ConvertOptions): Promise<void> {
  const { openCheckpoint, parseCheckpointConfig, readWeights, saveCheckpoint } = await import(
    "../../models/checkpoint/index.js"
  );
  const {
    output,
    precision,
    name,
    contextWeight,
    collaborativeWeight,
    average,
    int8: captions,
    kb,
    ...selection
  } = options;
  const checkpoint = await openCheckpoint(folder);
  const { config: old, tokenizer, weights: stored } = checkpoint;
  const changed = {
    ...old,
    ...(precision && { precision }),
    ...(name && { name }),
    ...(Object.keys(selection).length > 0 && { selection: { ...old.selection, ...selection } }),
    ...(contextWeight !== undefined && { contextWeight }),
    ...(collaborativeWeight !== undefined && { ranking: { ...old.ranking, collaborativeWeight } }),
  };
  const config = validOptions(() => parseCheckpointConfig(changed, "mmel models convert"));
  const int8 = await divisorsOf(context, { ...checkpoint, config }, captions, kb);
  const own = await readWeights(stored);
  const weights = average === undefined ? own : await averageOf(own, average);
  const content = { config, tokenizer: tokenizer.json, weights, int8 };
  const { copyParts, describeModel } = await import("../../models/registry.js");
  await saveCheckpoint(output, content, (draft) => copyParts(folder, draft));
  const { facts } = await describeModel(output);
  await print(context, `Wrote ${String(facts.name)}@${String(facts.hash)} to ${output}.\n`);
}

/**
 * Returns the mean of these weights and those of another model (WiSE-FT: Wortsman et al., "Robust fine-tuning of zero-shot
 * models", 2022). Throws `CONFIG` if the other network has other weights.
 */
async function averageOf(
  weights: ReadonlyMap<string, Float32Array>,
  name: string,
): Promise<ReadonlyMap<string, Float32Array>> {
  const { openCheckpoint, readWeights } = await import("../../models/checkpoint/index.js");
  const { bundledFolder } = await import("../../models/registry.js");
  const other = await readWeights((await openCheckpoint(bundledFolder(name) ?? name)).weights);
  const refuse = (what: string): MmelError =>
    new MmelError("CONFIG", {
      what: `the network of ${name} has ${what}`,
      where: "--average",
      expected: "a model with the same text encoder and head",
    });
  const meanOf = ([key, values]: readonly [string, Float32Array]): [string, Float32Array] => {
    const others = other.get(key);
    if (others?.length !== values.length)
      throw refuse(`${others === undefined ? "no" : "another size of"} ${key}`);
    return [key, values.map((value, at) => (value + others[at]!) / 2)];
  };
  if (other.size !== weights.size) throw refuse(`${other.size} weights instead of ${weights.size}`);
  return new Map([...weights].map(meanOf));
}

/** Returns the divisors for int8: measured on captions if they are given, otherwise the stored ones. */
async function divisorsOf(
  context: Context,
  checkpoint: Checkpoint,
  captions: string | undefined,
  kb: string | undefined,
): Promise<Divisors> {
  if ((captions === undefined) !== (kb === undefined))
    throw new MmelError("USAGE", {
      what: `${captions === undefined ? "--kb" : "--int8"} is given alone`,
      expected: "both --int8 and --kb, or neither",
      hint: "Add the other option.",
    });
  if (captions === undefined || kb === undefined) {
    const { storedDivisors } = await import("../../models/mmel/index.js");
    return storedDivisors(checkpoint.weights);
  }
  if (checkpoint.config.precision !== "I8")
    throw new MmelError("USAGE", {
      what: `the precision of the weights is ${checkpoint.config.precision}`,
      where: "--int8",
      expected: "I8",
      hint: "Add `--precision I8`.",
    });
  const { measureInt8 } = await import("../../training/mmel/index.js");
  const { openKnowledge } = await import("../../linker/index.js");
  await using input = await openCaptions(context, captions, { offsets: "utf16", onError: "fail" });
  await using knowledge = await openKnowledge(kb, context.signal);
  return await measureInt8(checkpoint, input.captions, knowledge, context.signal);
}

/** Calls `parse`. Throws `CONFIG` instead of `MODEL_DAMAGED`, because the invalid values come from the command line. */
function validOptions<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof MmelError) || error.code !== "MODEL_DAMAGED") throw error;
    throw new MmelError("CONFIG", error.detail);
  }
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
  const images =
    options.imageEncoder === undefined ? undefined : await imageEncoderSpec(options.imageEncoder);
  const head = mmelConfigSchema.safeParse({ variant, d, imageViews, imageWidth: images?.width });
  if (!head.success)
    throw new MmelError("CONFIG", {
      what: head.error.issues[0]?.message ?? "the head is invalid",
      where: "--variant, --width, --views",
    });
  const content = await initialCheckpoint(encoder, {
    name,
    seed,
    head: head.data,
    ...(layers !== undefined && { layers }),
    ...(images !== undefined && { imageEncoder: { id: images.id, hash: images.hash } }),
  });
  const hash = await saveCheckpoint(folder, content);
  await print(context, `Wrote untrained model ${name}@${hash} to ${folder}.\n`);
}

/** Returns the id and hash of an image encoder, and the width of its vectors. */
async function imageEncoderSpec(name: string): Promise<{ id: string; hash: string; width: number }> {
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
  await print(context, table(["name", "", "description"], rows, 90));
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
