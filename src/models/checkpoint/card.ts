import type { CheckpointConfig } from "./config.js";

/** The model card of a checkpoint: what it is, what it reads, how it came about. Markdown with the hub's front matter. */
export function modelCard(config: CheckpointConfig, hash: string): string {
  const { head, encoder, input, imageEncoder, training } = config;
  const rows = {
    Hash: hash,
    Variant: head.variant,
    "Text encoder": `${encoder.model_type}, ${encoder.num_hidden_layers} layers, width ${encoder.hidden_size}`,
    "Entity text": head.entityText,
    "Longest input": `${input.maxTokens} tokens`,
    "Width of the head": head.d,
    "Image encoder": imageEncoder === undefined ? "none" : `${imageEncoder.id} (${imageEncoder.hash})`,
    "Image vector": head.imageWidth,
    Weights: config.precision,
  };
  const sections = [
    "---\nlibrary_name: mmel\npipeline_tag: text-classification\ntags: [entity-linking]\n---",
    `# ${config.name}`,
    "Links all names of a caption together to entities of a knowledge base of your own, with `mmel link --model DIR`.",
    ["| | |", "|---|---|", ...Object.entries(rows).map(([name, value]) => `| ${name} | ${value} |`)].join(
      "\n",
    ),
  ];
  if (training !== undefined)
    sections.push(`## Training\n\n\`\`\`json\n${JSON.stringify(training, null, 2)}\n\`\`\``);
  return `${sections.join("\n\n")}\n`;
}
