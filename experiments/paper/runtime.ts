import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Caption } from "../../src/core/index.js";
import { evaluate } from "../../src/evaluation/index.js";
import { parseWire, writeAtomically } from "../../src/formats/index.js";
import { openKnowledge } from "../../src/linker/index.js";
import { openCheckpoint, readWeights, saveCheckpoint } from "../../src/models/checkpoint/index.js";
import { measureInt8 } from "../../src/training/mmel/index.js";
import { type BudgetName, budgetOf } from "./budgets.js";
import { captionsIn } from "./data-sets.js";
import type { Prepared } from "./prepare.js";

const rowSchema = z.object({
  model: z.string(),
  candidates: z.int(),
  mentions: z.int(),
  /** Time for finding candidates, scoring and ranking. */
  seconds: z.number(),
});
/** The time of a model with a number of candidates. */
export type RuntimeRow = z.infer<typeof rowSchema>;

/** Numbers of candidates. The paper states the time for 10. */
const CANDIDATES = [10, 25, 50, 100];

export interface RuntimeModels {
  /** The network of MMEL-onlytext. */
  readonly mmel: string;
  /** The network of GHMFC-onlytext, if there is one. */
  readonly ghmfc?: string;
}

const fileOf = (folder: string, budget: BudgetName): string => join(folder, `runtime-${budget}.json`);

/** Reads the times that were measured under a budget. */
export async function readRuntime(folder: string, budget: BudgetName): Promise<RuntimeRow[]> {
  const file = fileOf(folder, budget);
  if (!existsSync(file)) return [];
  return parseWire(z.array(rowSchema), JSON.parse(await readFile(file, "utf8")), "FORMAT");
}

/**
 * Measures what is missing of the times under a budget: MMEL-onlytext in float32 and in int8, GHMFC-onlytext and the
 * default model, with 10 to 100 candidates, on training captions. Writes the file after each time.
 */
export async function measureRuntime(
  models: RuntimeModels,
  prepared: Prepared,
  { folder, budget, signal }: { folder: string; budget: BudgetName; signal?: AbortSignal },
): Promise<void> {
  const rows = await readRuntime(folder, budget);
  const captions = await firstMentions(prepared.train, budgetOf(budget).runtimeMentions);
  const named: readonly (readonly [name: string, model: () => Promise<string | undefined>])[] = [
    ["MMEL-onlytext, float32", async () => models.mmel],
    ["MMEL-onlytext, int8", () => int8Of(models.mmel, prepared, captions)],
    ["GHMFC-onlytext", async () => models.ghmfc],
    ["mmel-mini-en (default)", async () => "mmel-mini-en"],
  ];
  for (const [name, modelOf] of named) {
    const missing = CANDIDATES.filter(
      (candidates) => !rows.some((row) => row.model === name && row.candidates === candidates),
    );
    const model = missing.length === 0 ? undefined : await modelOf();
    if (model === undefined) continue;
    for (const candidates of missing) {
      const { result } = await evaluate(captions, {
        ...{ kb: prepared.kb, model, protocol: "paper", candidates },
        ...(signal !== undefined && { signal }),
      });
      rows.push({ model: name, candidates, mentions: result.mentions, seconds: result.seconds });
      await writeAtomically(fileOf(folder, budget), [`${JSON.stringify(rows, null, 1)}\n`]);
    }
  }
}

/** Returns the first captions of a file until they have `mentions` mentions in total, or all captions if there are fewer. */
async function firstMentions(file: string, mentions: number): Promise<Caption[]> {
  const captions: Caption[] = [];
  let count = 0;
  for (const caption of await captionsIn(file)) {
    if (count >= mentions) break;
    captions.push(caption);
    count += caption.mentions.length;
  }
  return captions;
}

/** Writes a copy of a network for products in int8, and returns its folder. */
async function int8Of(folder: string, { kb }: Prepared, captions: readonly Caption[]): Promise<string> {
  const output = `${folder}-int8`;
  await rm(output, { recursive: true, force: true });
  const checkpoint = await openCheckpoint(folder);
  const config = { ...checkpoint.config, precision: "I8" } as const;
  await using knowledge = await openKnowledge(kb, undefined);
  const stream = (async function* () {
    yield* captions;
  })();
  const int8 = await measureInt8({ ...checkpoint, config }, stream, knowledge);
  const weights = await readWeights(checkpoint.weights);
  await saveCheckpoint(output, { config, tokenizer: checkpoint.tokenizer.json, weights, int8 });
  return output;
}
