import type { Caption, CaptionCandidates, Entity } from "../../src/core/index.js";
import type { Calibration, Model } from "../../src/models/model.js";

export const entity = (id: string, label: string, group = ""): Entity => ({
  id,
  label,
  aliases: [],
  properties: group === "" ? {} : { group: [group] },
  images: [],
});

/** Two Kerrys and two Marzoukis: politicians by their group, and others that come first by id. */
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
  /** Everything it was asked to score, batch by batch. */
  readonly seen: (readonly CaptionCandidates[])[];
  closed: boolean;
}

export interface ToyOptions {
  readonly calibration?: Calibration;
  /** Called when a batch comes in, before it is scored. */
  readonly onScore?: (batch: readonly CaptionCandidates[]) => Promise<void> | void;
  /** m of a candidate; default: rises with the name score, a little less for each place in the order of ids. */
  readonly match?: (candidate: CaptionCandidates["candidates"][number][number], text: string) => number;
}

/** Scores by name, and entities of one group as similar. */
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
        candidates.map((list, at) => ({
          match: list.map((of) =>
            match === undefined
              ? 0.1 + of.nameScore / 2 - Number(of.entity.id.slice(1)) / 1e4
              : match(of, caption.mentions[at]!.text),
          ),
          features: list.map((of) => of.entity.properties.group?.[0] ?? ""),
          explain: (candidate) => ({ name: list[candidate]!.nameScore }),
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
