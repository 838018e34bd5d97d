import { MmelError } from "../core/index.js";
import { issuesOf } from "../formats/safetensors/index.js";
import { CONFIG_SCHEMAS, type ModelType, type TextEncoderConfig } from "./text-config.js";
import { maxPositions } from "./text/positions.js";

/** Checks a parsed `config.json`. `MODEL_UNSUPPORTED` for another architecture or variant of it. */
export function parseEncoderConfig(json: unknown, where: string): TextEncoderConfig {
  const type =
    typeof json === "object" && json !== null && "model_type" in json ? json.model_type : undefined;
  const supported = Object.keys(CONFIG_SCHEMAS);
  if (typeof type !== "string" || !Object.hasOwn(CONFIG_SCHEMAS, type))
    throw new MmelError("MODEL_UNSUPPORTED", {
      what: `the text encoder's model_type is ${JSON.stringify(type)}`,
      where,
      expected: supported.map((name) => `"${name}"`).join(" or "),
      hint: "a BERT model such as all-MiniLM-L6-v2 or bert-base-uncased, or xlm-roberta-base for many languages",
    });
  const parsed = CONFIG_SCHEMAS[type as ModelType].safeParse(json);
  const wrong = parsed.success ? positionsMissing(parsed.data) : issuesOf(parsed.error);
  if (parsed.success && wrong === undefined) return parsed.data;
  throw new MmelError("MODEL_UNSUPPORTED", {
    what: `the text encoder's configuration does not fit "${type}" (${wrong})`,
    where,
  });
}

function positionsMissing(config: TextEncoderConfig): string | undefined {
  if (maxPositions(config) > 0) return undefined;
  return `max_position_embeddings leaves none behind pad_token_id ${config.pad_token_id}`;
}
