import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll } from "vitest";
import type { Caption, Entity } from "../../../src/core/index.js";
import { readCaptions, readEntities } from "../../../src/formats/index.js";
import { importKb } from "../../../src/linker/index.js";
import { parseTrainingConfig, type TrainingConfig } from "../../../src/training/mmel/config.js";
import { DEMO_CAPTIONS, DEMO_ENTITIES } from "../../cli/harness.js";
import { TINY } from "../../encoders/model-folders.js";

/** Creates a temporary folder, which is removed after the file's tests. */
export function scratch(): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), "mmel-training-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}

export async function demoEntities(): Promise<Entity[]> {
  const entities: Entity[] = [];
  for await (const read of readEntities(DEMO_ENTITIES)) if (read.kind === "record") entities.push(read.value);
  return entities;
}

export async function demoCaptions(): Promise<Caption[]> {
  const captions: Caption[] = [];
  for await (const read of readCaptions(DEMO_CAPTIONS)) if (read.kind === "record") captions.push(read.value);
  return captions;
}

export const importDemo = async (kb: string): Promise<unknown> => importKb(kb, await demoEntities());

/** A training of a second or two: one layer of a random encoder, dropout, the pair loss, and a gradient that is always clipped. */
export const tinyJson = (kb: string) => ({
  preset: "mini",
  name: "tiny",
  encoder: resolve(TINY),
  encoderLayers: 1,
  kb,
  train: [DEMO_CAPTIONS],
  dev: DEMO_CAPTIONS,
  head: { d: 16, heads: 2 },
  maxTokens: 48,
  negatives: { kind: "candidates", count: 5, pool: 30, top: 2 },
  ambiguous: false,
  shortNames: false,
  priorWarmup: 0,
  encoderRate: 1,
  epochs: 1,
  batch: 3,
  twice: true,
  warmup: 2,
  learningRate: 1e-3,
  clip: 0.05,
  evaluation: { every: 4, sample: 5, candidates: 4 },
});

export function tiny(kb: string, over: object = {}): TrainingConfig {
  return parseTrainingConfig(JSON.stringify({ ...tinyJson(kb), ...over }), "tiny.json");
}
