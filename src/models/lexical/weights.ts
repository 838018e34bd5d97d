import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { MODEL_FILES } from "../model-files.js";
import { FEATURE_NAMES } from "./features.js";
import { PAIR_FEATURES } from "./pair-evidence.js";

/** Features that were added after the bundled weights were fitted. They have weight 0 until the next fit. */
const UNFITTED: readonly string[] = ["roles/title differs", "roles/office differs"];

const number = z.number();

/**
 * Returns a schema for a record of numbers whose keys are all in `keys`. The keys in `optional` may be missing; all
 * others are required.
 */
const exactly = (keys: readonly string[], optional: readonly string[] = []) =>
  z.record(z.string(), number).superRefine((record, context) => {
    const missing = keys.filter((key) => !(key in record) && !optional.includes(key));
    const unknown = Object.keys(record).filter((key) => !keys.includes(key));
    const first = missing[0] ?? unknown[0];
    if (first !== undefined)
      context.addIssue(
        `has ${missing.length} missing and ${unknown.length} unknown features; the first of them is "${first}"`,
      );
  });

const schema = z.strictObject({
  format: z.literal("mmel-lexical-2"),
  name: z.string().min(1),
  /**
   * Weights of the features of a single candidate (see `FEATURE_NAMES`). The score l is the sum of weight × feature.
   */
  candidate: exactly(FEATURE_NAMES, UNFITTED),
  /** Weights of the pair evidence (see `PairWeights`). Their weighted sum is logit S. */
  pair: z.strictObject({
    features: exactly(PAIR_FEATURES),
    named: z.record(z.string(), number),
    shared: z.record(z.string(), number),
  }),
  /** Temperature T: the match score m is the softmax of l / T. */
  temperature: number.positive(),
  nameFloor: number.min(0).max(1),
  /**
   * Hash of the weights from which these weights were adapted. A network that was trained on top of those weights also
   * works on top of these.
   */
  adaptedFrom: z.string().min(1).optional(),
});

/** The lexical ranker's weights by feature name. They contain nothing that is specific to an entity. */
export type LexicalWeights = z.infer<typeof schema>;

/**
 * Reads the weights from a file of a model folder, by default `weights.json`. Throws MODEL_NOT_FOUND if the file cannot
 * be read, and MODEL_DAMAGED if it is invalid.
 */
export async function readLexicalWeights(
  folder: string,
  file: string = MODEL_FILES.lexical,
): Promise<LexicalWeights> {
  const path = join(folder, file);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new MmelError("MODEL_NOT_FOUND", {
      what: "the lexical weights cannot be read",
      where: path,
      cause,
    });
  });
  return parseWeights(parseJson(text, path), path);
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MmelError("MODEL_DAMAGED", {
      what: "the lexical weights are not valid JSON",
      where: path,
      cause,
    });
  }
}

function parseWeights(value: unknown, where: string): LexicalWeights {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new MmelError("MODEL_DAMAGED", {
    what: `the lexical weights are invalid (${[...(issue?.path ?? []), issue?.message].join(" ")})`,
    where,
    expected: "a weights.json for this version of mmel",
    hint: "Reinstall mmel if this is its bundled model; otherwise fit the weights again with this version of mmel.",
  });
}

/** Computes the model's hash: the first 12 hexadecimal digits of the SHA-256 of all weights. */
export function hashWeights(weights: LexicalWeights): string {
  return createHash("sha256").update(JSON.stringify(weights)).digest("hex").slice(0, 12);
}
