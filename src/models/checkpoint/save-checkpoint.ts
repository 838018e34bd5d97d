import { open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { MmelError } from "../../core/index.js";
import { makeFolder } from "../../core/make-folder.js";
import { writingError } from "../../formats/index.js";
import { type NamedTensor, writeTensors } from "../../formats/safetensors/index.js";
import { parametersOf } from "../mmel/weights.js";
import { MODEL_FILES } from "../model-files.js";
import type { CheckpointConfig } from "./checkpoint-config.js";
import { contentHash } from "./open-checkpoint.js";

export interface CheckpointContent {
  readonly config: CheckpointConfig;
  /** The parsed `tokenizer.json`. */
  readonly tokenizer: object;
  /** Values of every weight, by the weight's name. */
  readonly weights: ReadonlyMap<string, Float32Array>;
}

/**
 * Writes a checkpoint folder and returns the content hash. The files are written to a temporary folder, which is then
 * renamed to `folder`, so `folder` is never incomplete. Replaces an existing checkpoint or an empty folder, but no
 * other folder. The same content gives the same bytes. Throws FILE_UNWRITABLE if `folder` cannot be written or contains
 * files that are not part of a checkpoint, NOT_A_NUMBER if a weight is not finite, and INTERNAL if a weight is missing
 * or has the wrong size.
 */
export async function saveCheckpoint(
  folder: string,
  { config, tokenizer, weights }: CheckpointContent,
): Promise<string> {
  const tensors = tensorsOf(config, weights);
  await assertReplaceable(folder);
  const draft = join(dirname(folder), `.${basename(folder)}.${process.pid}.tmp`);
  try {
    await rm(draft, { recursive: true, force: true });
    await makeFolder(draft);
    await writeTensors(join(draft, MODEL_FILES.weights), tensors, config.precision);
    const hash = await contentHash(config, tokenizer, join(draft, MODEL_FILES.weights));
    await writeDurably(join(draft, MODEL_FILES.config), `${JSON.stringify(config, null, 2)}\n`);
    await writeDurably(join(draft, MODEL_FILES.tokenizer), `${JSON.stringify(tokenizer)}\n`);
    await writeDurably(join(draft, MODEL_FILES.card), modelCard(config, hash));
    await moveInPlace(draft, folder);
    return hash;
  } catch (error) {
    throw writingError(error, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function tensorsOf(config: CheckpointConfig, weights: ReadonlyMap<string, Float32Array>): NamedTensor[] {
  return parametersOf(config).map(({ name, shape }) => {
    const values = weights.get(name);
    const size = shape.reduce((product, dim) => product * dim, 1);
    if (values?.length === size) return { name, shape, values };
    const what = `${name} has ${values?.length ?? "no"} values`;
    throw new MmelError("INTERNAL", { what, expected: `${size} values for the shape [${shape.join(", ")}]` });
  });
}

async function assertReplaceable(folder: string): Promise<void> {
  const ours: readonly string[] = Object.values(MODEL_FILES);
  const present = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    throw new MmelError("FILE_UNWRITABLE", {
      what: "the path is not a folder, or the folder cannot be read",
      where: folder,
      hint: "Choose another folder.",
      cause,
    });
  });
  const foreign = present.find((name) => !ours.includes(name));
  if (foreign !== undefined)
    throw new MmelError("FILE_UNWRITABLE", {
      what: `the folder contains ${foreign}, which is not part of a checkpoint`,
      where: folder,
      hint: "Choose an empty folder, a new folder or a checkpoint folder.",
    });
}

/**
 * Renames `draft` to `folder`. Because `rename` cannot replace a folder that contains files, an existing `folder` is
 * renamed first. If the draft then cannot be renamed, the existing folder is renamed back.
 */
async function moveInPlace(draft: string, folder: string): Promise<void> {
  const previous = `${draft}.old`;
  const replaced = await rename(folder, previous).then(
    () => true,
    () => false,
  );
  try {
    await rename(draft, folder);
  } catch (cause) {
    if (replaced) await rename(previous, folder);
    throw new MmelError("FILE_UNWRITABLE", {
      what: `the checkpoint cannot be saved: its temporary folder cannot be renamed (${(cause as Error).message})`,
      where: folder,
      cause,
    });
  }
  await rm(previous, { recursive: true, force: true });
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, "w");
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Returns the model card, in Markdown with Hugging Face's front matter. */
function modelCard(config: CheckpointConfig, hash: string): string {
  const { head, encoder, input, imageEncoder, training } = config;
  const rows = {
    Hash: hash,
    Variant: head.variant,
    "Text encoder": `${encoder.model_type}, ${encoder.num_hidden_layers} layers, width ${encoder.hidden_size}`,
    "Entity text": head.entityText,
    "Maximum input": `${input.maxTokens} tokens`,
    "Width of the head": head.d,
    "Image encoder": imageEncoder === undefined ? "none" : `${imageEncoder.id} (${imageEncoder.hash})`,
    "Image vector": head.imageWidth,
    Weights: config.precision,
  };
  const sections = [
    "---\nlibrary_name: mmel\npipeline_tag: text-classification\ntags: [entity-linking]\n---",
    `# ${config.name}`,
    "Links all names in a caption jointly to entities in your own knowledge base: `mmel link --model DIR`.",
    ["| | |", "|---|---|", ...Object.entries(rows).map(([name, value]) => `| ${name} | ${value} |`)].join(
      "\n",
    ),
  ];
  if (training !== undefined)
    sections.push(`## Training\n\n\`\`\`json\n${JSON.stringify(training, null, 2)}\n\`\`\``);
  return `${sections.join("\n\n")}\n`;
}
