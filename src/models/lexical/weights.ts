import { createHash } from "node:crypto";
import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { FEATURE_NAMES } from "./features.js";
import { RELATIONS } from "./relations.js";

const number = z.number();

/** A record with exactly these keys. */
const exactly = (keys: readonly string[]) =>
  z.record(z.string(), number).superRefine((record, context) => {
    const missing = keys.filter((key) => !(key in record));
    const unknown = Object.keys(record).filter((key) => !keys.includes(key));
    const first = missing[0] ?? unknown[0];
    if (first !== undefined)
      context.addIssue(`${missing.length} missing and ${unknown.length} unknown features, first "${first}"`);
  });

const schema = z.strictObject({
  format: z.literal("mmel-lexical-1"),
  name: z.string().min(1),
  /** l grows by weight × feature: of the candidate by itself, and of its relations with the other mentions' candidates. */
  candidate: exactly(FEATURE_NAMES),
  company: exactly(RELATIONS),
  /** Logit of S: a constant and a weight for each relation. */
  pair: exactly(["constant", ...RELATIONS]),
  /** m is the softmax of l / temperature. */
  temperature: number.positive(),
  nameFloor: number.min(0).max(1),
});

/** The lexical ranker as it ships: weights by feature name, nothing of any entity. */
export type LexicalWeights = z.infer<typeof schema>;

/** Checks weights read from a file. `MODEL_DAMAGED` names the first thing that does not fit. */
export function parseWeights(value: unknown, where?: string): LexicalWeights {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new MmelError("MODEL_DAMAGED", {
    what: `lexical weights: ${[...(issue?.path ?? []), issue?.message].join(" ")}`,
    where,
    expected: "weights.json of this version of mmel",
    hint: "fitting them again",
  });
}

/** Twelve hexadecimal digits of the SHA-256 of everything in the weights. */
export function hashWeights(weights: LexicalWeights): string {
  return createHash("sha256").update(JSON.stringify(weights)).digest("hex").slice(0, 12);
}
