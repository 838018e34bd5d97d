import type { CaptionLinks, Entity, Mention } from "../core/index.js";

/** A mention that the caption's other mentions decided. */
export interface CollaborationChange {
  readonly mention: Mention;
  /** The best entity by the mention's own scores. */
  readonly before: Entity;
  /** The best entity with what the other mentions added. */
  readonly after: Entity;
}

/** What the collaboration changed in a caption: the mentions whose best entity is another than on their own. */
export function collaborationChanges({ mentions }: CaptionLinks): readonly CollaborationChange[] {
  return mentions.flatMap(({ mention, independent, candidates: [first] }) =>
    independent && first ? [{ mention, before: independent, after: first.entity }] : [],
  );
}
