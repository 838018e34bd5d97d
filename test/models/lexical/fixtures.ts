import { createCandidateSource } from "../../../src/candidates/index.js";
import type { Caption, CaptionCandidates, Entity } from "../../../src/core/index.js";
import { FEATURE_NAMES } from "../../../src/models/lexical/features.js";
import { createLexicalScorer } from "../../../src/models/lexical/lexical-model.js";

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

/** Returns the value of a feature, such as "gender/before agrees", for each candidate of the caption's first mention. */
export function featureOf(name: string, caption: CaptionCandidates): Record<string, number> {
  if (!FEATURE_NAMES.includes(name)) throw new Error(`there is no feature "${name}"`);
  const { scores } = createLexicalScorer({ candidate: { [name]: 1 } }).score(caption)[0]!;
  return Object.fromEntries(caption.candidates[0]!.map(({ entity }, index) => [entity.id, scores[index]!]));
}
