import { createCandidateSource } from "../../../src/candidates/index.js";
import type { Caption, CaptionCandidates, Entity } from "../../../src/core/index.js";

/** Creates an entity with only the given properties. */
export function entity(
  id: string,
  label: string,
  properties: Entity["properties"] = {},
  more: Partial<Entity> = {},
): Entity {
  return { id, label, aliases: [], properties, images: [], ...more };
}

/** Creates a caption; each mention has the span of the first occurrence of its text. */
export function caption(text: string, ...mentions: string[]): Caption {
  return {
    id: text,
    text,
    mentions: mentions.map((name) => {
      const start = text.indexOf(name);
      return { text: name, ...(start >= 0 && { span: { start, end: start + name.length } }) };
    }),
  };
}

/** Returns the caption with its candidates among these entities. */
export async function among(entities: readonly Entity[], caption: Caption): Promise<CaptionCandidates> {
  const source = createCandidateSource(entities);
  return {
    caption,
    candidates: await source.candidates(
      caption.mentions.map(({ text }) => text),
      100,
    ),
  };
}
