import type { Caption, Entity, MentionLink } from "../../src/core/index.js";
import type { MentionRecord } from "../../src/evaluation/index.js";

export const entity = (id: string, label = id): Entity => ({
  id,
  label,
  aliases: [],
  properties: {},
  images: [],
});

export interface Outcome {
  /** Gold id; null: NIL. */
  readonly gold: string | null;
  readonly rank?: number;
  readonly nameRank?: number;
  readonly predicted?: string | null;
  readonly retrievedAt?: number;
  readonly inKb?: boolean;
  /** Type of the mention. */
  readonly type?: string;
}

/** Records of captions, each given as a list of outcomes. `languages` are the languages of the first captions. */
export function recordsFrom(
  captions: readonly (readonly Outcome[])[],
  languages: readonly string[] = [],
): MentionRecord[] {
  return captions.flatMap((outcomes, at) => {
    const language = languages[at];
    const caption: Caption = {
      id: `${at}`,
      text: "",
      mentions: outcomes.map(({ type }) => ({ text: "x", ...(type !== undefined && { type }) })),
      ...(language !== undefined && { language }),
    };
    return outcomes.map((outcome, mention): MentionRecord => {
      const { gold, rank, nameRank, predicted = null, retrievedAt, inKb = gold !== null } = outcome;
      const link: MentionLink = {
        text: "x",
        ...(predicted === null
          ? { outcome: "nil", entity: null }
          : { outcome: "linked", entity: entity(predicted) }),
        probability: null,
        candidates: [],
      };
      return {
        caption,
        mention,
        gold: gold === null ? { kind: "nil" } : { kind: "entity", id: gold },
        ...(inKb && { goldEntity: entity(gold!) }),
        ...(retrievedAt !== undefined && { retrievedAt }),
        ...(rank !== undefined && { rank }),
        ...(nameRank !== undefined && { nameRank }),
        link,
      };
    });
  });
}
