import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { CheckpointConfig } from "./config.js";

/**
 * Identifies what decides a model's scores: configuration, vocabulary and weights, as 16 hexadecimal digits of SHA-256.
 * Name, card and training record do not count.
 */
export async function contentHash(
  config: CheckpointConfig,
  tokenizer: object,
  weights: string,
): Promise<string> {
  const { name: _, training: __, ...deciding } = config;
  const hash = createHash("sha256")
    .update(canonical(deciding))
    .update("\n")
    .update(canonical(tokenizer))
    .update("\n");
  await pipeline(createReadStream(weights, { highWaterMark: 1 << 20 }), hash, { end: false });
  return hash.digest("hex").slice(0, 16);
}

/** JSON with the keys of every object in order, so that equal content gives equal text. */
function canonical(value: object): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
