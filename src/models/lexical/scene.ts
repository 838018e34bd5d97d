import type { Candidate, CaptionCandidates } from "../../core/index.js";
import { type CaptionFacts, readCaption, readMention } from "./caption-facts.js";
import type { Scene, Subject } from "./feature-row.js";
import { cutName } from "./name-parts.js";
import type { ProfileCache } from "./profiles.js";

/** A mention and its candidates, read for the features. */
export interface MentionScene {
  readonly scene: Scene;
  readonly subjects: readonly Subject[];
}

/** Reads a caption once for all its mentions. Gold is never looked at. */
export function readScenes(
  { caption, candidates }: CaptionCandidates,
  profiles: ProfileCache,
): MentionScene[] {
  const facts = readCaption(caption);
  return caption.mentions.map((mention, at) => {
    const subjects = (candidates[at] ?? []).map((candidate) => subject(candidate, profiles));
    return { subjects, scene: sceneOf(facts, readMention(facts, mention), subjects) };
  });
}

function subject(candidate: Candidate, profiles: ProfileCache): Subject {
  const { entity, matchedName } = candidate;
  const profile = profiles.get(entity);
  const { label, aliases } = profile;
  const name = matchedName === entity.label ? label : (aliases.get(matchedName) ?? cutName(matchedName));
  return { candidate, profile, name };
}

function sceneOf(caption: CaptionFacts, mention: Scene["mention"], subjects: readonly Subject[]): Scene {
  const scores = subjects.map(({ candidate }) => candidate.nameScore);
  const bestNameScore = scores.reduce((best, score) => Math.max(best, score), 0);
  const holders = (word: string): number =>
    subjects.reduce((sum, { profile }) => sum + Number(profile.words.has(word)), 0);
  return {
    caption,
    mention,
    candidates: subjects.length,
    bestNameScore,
    bestNames: scores.filter((score) => score === bestNameScore).length,
    frequency: new Map(mention.content.map((word) => [word, holders(word)])),
  };
}
