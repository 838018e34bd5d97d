import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Entity } from "../../../src/core/index.js";
import { entityFromWire, type WireCaption, type WireEntity } from "../../../src/formats/index.js";

export const REPO = fileURLToPath(new URL("../../../", import.meta.url));

function firstRecords<T>(file: string, count: number): T[] {
  const lines = readFileSync(join(REPO, "demo", file), "utf8").split("\n");
  return lines.slice(0, count).map((line) => JSON.parse(line) as T);
}

export const wireEntities = firstRecords<WireEntity>("entities.jsonl", 12);
export const wireCaptions = firstRecords<WireCaption>("captions.jsonl", 8);
export const entities: readonly Entity[] = wireEntities.map((entity) => entityFromWire(entity));
