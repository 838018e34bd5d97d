import { createCandidateSource } from "../candidates/index.js";
import type { Caption, CaptionLinks, Entity } from "../core/index.js";
import { diffEntities, type EntityStore } from "../kb/index.js";
import { extend } from "./prepare.js";

/**
 * Minimum name score of an added or changed entity for a mention: the score of a person's surname alone is 0.89. An entity
 * whose name fits less well wins only if no entity with a better name is left.
 */
const MIN_NAME_SCORE = 0.85;

/** The difference between two versions of a knowledge base. */
export interface KbDifference {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /**
   * Returns whether the difference is likely to change the links of a caption: if it changed or removed one of the listed
   * candidates, or if the name of an added or changed entity fits a name in the caption well. With `detect`, also if
   * the text contains such a name. Other captions keep their outcomes with very few exceptions, but their scores may
   * change slightly, because scores depend on all candidates.
   */
  isAffected(caption: Caption, links: CaptionLinks, detect: boolean): Promise<boolean>;
}

/** Compares two versions of a knowledge base. Keeps the added and changed entities in memory. */
export async function compareVersions(
  before: EntityStore,
  after: EntityStore,
  signal?: AbortSignal,
): Promise<KbDifference> {
  const abort = signal === undefined ? {} : { signal };
  const counts = { added: 0, changed: 0, removed: 0 };
  const gone = new Set<string>();
  const present: Entity[] = [];
  for await (const change of diffEntities(before.all(abort), after.all(abort))) {
    counts[change.kind] += 1;
    if (change.kind !== "removed") present.push(change.after);
    if (change.kind !== "added") gone.add(change.before.id);
  }
  const source = createCandidateSource(present);
  return {
    ...counts,
    async isAffected(caption, { mentions }, detect) {
      if (mentions.some(({ candidates }) => candidates.some(({ id }) => gone.has(id)))) return true;
      const named = {
        ...caption,
        mentions: mentions.map(({ text, start, end }) => mentionAt(text, start, end)),
      };
      const names = new Set(extend(named).caption.mentions.map(({ text }) => text));
      const found = await source.candidates([...names], 1);
      if (found.some(([best]) => best !== undefined && best.nameScore >= MIN_NAME_SCORE)) return true;
      return detect && (await source.namesIn(caption.text)).length > 0;
    },
  };
}

const mentionAt = (text: string, start: number | undefined, end: number | undefined) => ({
  text,
  ...(start !== undefined && end !== undefined && { span: { start, end } }),
});
