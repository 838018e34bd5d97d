import type { Caption, CaptionCandidates, Entity } from "../../src/core/index.js";
import type { Calibration, Model } from "../../src/models/model.js";

export const entity = (id: string, label: string, group = ""): Entity => ({
  id,
  label,
  aliases: [],
  properties: group === "" ? {} : { group: [group] },
  images: [],
});

/** Two Kerrys and two Marzoukis: politicians, and namesakes with lower ids. */
export const entities: readonly Entity[] = [
  entity("Q1", "John Kerry", "sport"),
  entity("Q2", "John Kerry", "politics"),
  entity("Q3", "Moncef Marzouki", "film"),
  entity("Q4", "Moncef Marzouki", "politics"),
  entity("Q5", "Carthage Palace", "politics"),
];

export const mention = (text: string, gold?: string | null) => ({
  text,
  ...(gold !== undefined && {
    gold: gold === null ? { kind: "nil" as const } : { kind: "entity" as const, id: gold },
  }),
});

export const caption = (id: string, ...mentions: ReturnType<typeof mention>[]): Caption => ({
  id,
  text: mentions.map(({ text }) => text).join(" with "),
  mentions,
});

export interface ToyModel extends Model<string> {
  /** Every batch that was scored. */
  readonly seen: (readonly CaptionCandidates[])[];
  closed: boolean;
}

export interface ToyOptions {
  readonly calibration?: Calibration;
  /** Called before a batch is scored. */
  readonly onScore?: (batch: readonly CaptionCandidates[]) => Promise<void> | void;
  /** m of a candidate; default: grows with the name score, with a small penalty for higher ids. */
  readonly match?: (candidate: CaptionCandidates["candidates"][number][number], text: string) => number;
}

/** Scores candidates by name; entities of the same group are similar. */
export function toyModel({ calibration, onScore, match }: ToyOptions = {}): ToyModel {
  const model: ToyModel = {
    name: "toy",
    hash: "1",
    seen: [],
    closed: false,
    ...(calibration && { calibration }),
    pairs: {
      combine: (a, b) => (a === b ? a : ""),
      similarities: async (left, right) =>
        Float64Array.from(left.flatMap((a) => right.map((b) => (a === b && a !== "" ? 0.9 : 0.1)))),
    },
    async score(batch, { signal } = {}) {
      model.seen.push(batch);
      await onScore?.(batch);
      signal?.throwIfAborted();
      return batch.map(({ caption, candidates }) =>
        candidates.map((list, i) => ({
          match: list.map((candidate) =>
            match === undefined
              ? 0.1 + candidate.nameScore / 2 - Number(candidate.entity.id.slice(1)) / 1e4
              : match(candidate, caption.mentions[i]!.text),
          ),
          features: list.map(({ entity }) => entity.properties.group?.[0] ?? ""),
          explain: (index) => ({ name: list[index]!.nameScore }),
        })),
      );
    },
    close: async () => {
      model.closed = true;
    },
    [Symbol.asyncDispose]: () => model.close(),
  };
  return model;
}
