import { createCandidateSource } from "../../../src/candidates/index.js";
import type { Caption, CaptionCandidates, Entity } from "../../../src/core/index.js";

/** An entity with only what a test names. */
export function entity(
  id: string,
  label: string,
  properties: Entity["properties"] = {},
  more: Partial<Entity> = {},
): Entity {
  return { id, label, aliases: [], properties, images: [], ...more };
}

/** A caption whose mentions stand where their text first does. */
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

/** The caption with its candidates among these entities. */
export async function among(entities: readonly Entity[], of: Caption): Promise<CaptionCandidates> {
  const source = createCandidateSource(entities);
  return {
    caption: of,
    candidates: await source.candidates(
      of.mentions.map(({ text }) => text),
      100,
    ),
  };
}
