import { describe, expect, it } from "vitest";
import type { Caption, Entity } from "../../../src/core/index.js";
import { mmelConfigSchema, type PairReader } from "../../../src/models/mmel/index.js";
import { packGroups } from "../../../src/training/mmel/micro-batches.js";
import type { Group } from "../../../src/training/mmel/sample.js";

const entity = (id: string) =>
  ({ id, label: id, aliases: [], properties: {}, images: [] }) as unknown as Entity;
/** A caption with one mention for each list of candidates, gold first. */
const group = (id: string, ...candidates: string[][]): Group => ({
  caption: { id, text: id, mentions: [] } as unknown as Caption,
  mentions: candidates.map((ids, at) => ({
    at,
    choices: ids.map((choice) => ({ entity: entity(choice), prior: 0 })),
  })),
});

const tokens = {
  ids: Int32Array.of(1, 5, 2),
  secondFrom: 3,
  context: { start: 1, end: 2 },
  entity: { start: 1, end: 2 },
};
const read: PairReader = async (_, __, entities) =>
  entities.map(({ id }) => ({
    tokens: { context: tokens, entity: tokens },
    images: { context: undefined, entity: undefined },
    key: id,
  }));

describe("packGroups for a loss within the micro-batch", () => {
  it("numbers entities and captions by where they occur first, and a copy of a group brings nothing new", async () => {
    const groups = [
      group("one", ["a", "b"], ["c", "d"]),
      group("two", ["c", "a"], ["e", "f"]),
      group("three", ["g", "h"], ["h", "a"]),
    ];
    const config = mmelConfigSchema.parse({ variant: "BLINK-bi" });
    const options = { config, read, lengths: [16], tokens: 10_000, priorShare: 1 };
    const [packed, ...more] = await packGroups(groups, options);
    expect(more).toEqual([]);
    expect(packed!.shape).toEqual({ groups: 4, mentions: 2, candidates: 2 });
    const { inputs } = packed!;
    const numbers = (name: string): number[] => Array.from(inputs[name]!.data, Number);
    //                                     a  b  c  d | c  a  e  f | g  h  h  a | g  h  h  a
    expect(numbers("entities")).toEqual([0, 1, 2, 3, 2, 0, 6, 7, 8, 9, 9, 0, 8, 9, 9, 0]);
    expect(numbers("entities.first")).toEqual([1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
    expect(numbers("captions")).toEqual([0, 0, 2, 2, 4, 4, 4, 4]);
    expect(numbers("captions.first")).toEqual([1, 0, 1, 0, 1, 0, 0, 0]);
    expect(inputs["context.ids"]!.shape).toEqual([8, 16]);
    expect(inputs["entity.ids"]!.shape).toEqual([16, 16]);
  });
});
