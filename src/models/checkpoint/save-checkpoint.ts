import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MmelError } from "../../core/index.js";
import { type NamedTensor, writeTensors } from "../../formats/safetensors/index.js";
import type { Divisors } from "../../tensor/onnx/index.js";
import { baselineOf } from "../mmel/config.js";
import { parametersOf } from "../mmel/weights.js";
import { MODEL_FILES } from "../model-files.js";
import { replaceModelFolder } from "../replace-folder.js";
import type { CheckpointConfig } from "./checkpoint-config.js";
import { contentHash } from "./open-checkpoint.js";

export interface CheckpointContent {
  readonly config: CheckpointConfig;
  /** The parsed `tokenizer.json`. */
  readonly tokenizer: object;
  /** Values of every weight, by the weight's name. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /**
   * The maps that the network computes in int8 where it can; default: none. Ignored unless the precision is I8: the
   * network computes with the words that are stored.
   */
  readonly int8?: Divisors;
}

/**
 * Writes a checkpoint folder and returns the content hash. The folder is never incomplete (see `replaceModelFolder`). The
 * same content gives the same bytes. `addFiles` writes the other files of the model into the temporary folder that
 * replaces `folder`. Throws the errors of `replaceModelFolder`, NOT_A_NUMBER if a weight is not finite, and
 * INTERNAL if a weight is missing or has the wrong size.
 */
export async function saveCheckpoint(
  folder: string,
  { config, tokenizer, weights, int8 }: CheckpointContent,
  addFiles?: (draft: string) => Promise<void>,
): Promise<string> {
  const tensors = tensorsOf(config, weights).map((tensor) => ({
    ...tensor,
    divisors: int8?.get(tensor.name),
  }));
  return replaceModelFolder(folder, async (draft) => {
    await writeTensors(join(draft, MODEL_FILES.weights), tensors, config.precision);
    const hash = await contentHash(config, tokenizer, join(draft, MODEL_FILES.weights));
    await writeFile(join(draft, MODEL_FILES.config), `${JSON.stringify(config, null, 2)}\n`);
    await writeFile(join(draft, MODEL_FILES.tokenizer), `${JSON.stringify(tokenizer)}\n`);
    await writeFile(join(draft, MODEL_FILES.card), modelCard(config, hash));
    await addFiles?.(draft);
    return hash;
  });
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
    `Links ${baselineOf(head) === undefined ? "all names in a caption jointly" : "the names in a caption"} to entities in your own knowledge base: \`mmel link --model DIR\`.`,
    ["| | |", "|---|---|", ...Object.entries(rows).map(([name, value]) => `| ${name} | ${value} |`)].join(
      "\n",
    ),
  ];
  const baseline = baselineOf(head);
  if (baseline !== undefined)
    sections.push(
      `## A baseline\n\n${head.variant}: ${baseline.source}. Differences from the original:`,
      baseline.standIns.map((standIn) => `- ${standIn}`).join("\n"),
    );
  if (training !== undefined)
    sections.push(`## Training\n\n\`\`\`json\n${JSON.stringify(training, null, 2)}\n\`\`\``);
  return `${sections.join("\n\n")}\n`;
}
