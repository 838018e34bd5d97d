import type { CaptionCandidates, Entity } from "../../core/index.js";
import { entityText } from "../../encoders/index.js";
import type { EntityStore } from "../../kb/index.js";
import type { Model } from "../../models/model.js";
import { logShares } from "../../models/softmax.js";
import { fold } from "../../names/index.js";
import type { TrainingConfig } from "./config.js";
import type { Prior } from "./examples.js";
import { candidateNegatives, type Negatives, tfidfNegatives } from "./sample.js";

/** The lexical ranker's part in the match logit. */
export function priorOf(first: Model): Prior {
  return async (captions: readonly CaptionCandidates[]) =>
    (await first.score(captions)).map((mentions) => mentions.map(({ match }) => logShares(match)));
}

/** Where a configuration takes its wrong candidates from. */
export async function negativesOf(
  { negatives, head }: TrainingConfig,
  store: EntityStore,
): Promise<Negatives> {
  if (negatives.kind === "candidates") return candidateNegatives(negatives.count, negatives.top);
  const entities: Entity[] = [];
  for await (const entity of store.all()) entities.push(entity);
  const words = new Map<Entity, readonly string[]>();
  const wordsOf = (entity: Entity): readonly string[] => {
    const known = words.get(entity) ?? fold(entityText(entity, head.entityText)).split(" ");
    words.set(entity, known);
    return known;
  };
  return tfidfNegatives(entities, wordsOf, negatives);
}
