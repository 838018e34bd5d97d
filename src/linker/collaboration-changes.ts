import type { CaptionLinks, Entity, MentionLink } from "../core/index.js";

/** A mention that the caption's other mentions decided. */
export interface CollaborationChange {
  readonly mention: MentionLink;
  /** The best entity by the mention's own scores. */
  readonly before: Entity;
  /** The best entity with what the other mentions added. */
  readonly after: Entity;
}

/** What the collaboration changed in a caption: the mentions whose best entity is another than on their own. */
export function collaborationChanges({ mentions }: CaptionLinks): readonly CollaborationChange[] {
  return mentions.flatMap((mention) => {
    const { independent: before, candidates } = mention;
    const after = candidates[0]?.entity;
    return before && after ? [{ mention, before, after }] : [];
  });
}
