import { createRandom, type Entity } from "../../src/core/index.js";
import { person } from "./people.js";

/** Kinds of questions, by how the mention differs from the person's name. */
export const KINDS = ["full", "misspelt", "initial", "surname"] as const;
export type Kind = (typeof KINDS)[number];

export interface Question {
  readonly mention: string;
  readonly gold: string;
}

/**
 * Generates `questionCount` mentions of people whose number is below `people`. Without `byFame`, people are chosen uniformly.
 * With `byFame`, 64 people are drawn uniformly for each mention, and one is chosen from these 64 with a probability proportional
 * to popularity, because captions tend to mention famous people.
 */
export function questions(
  kind: Kind,
  questionCount: number,
  people: number,
  seed: number,
  byFame: boolean,
): Question[] {
  const random = createRandom(`${kind}/${seed}/${byFame}`);
  return Array.from({ length: questionCount }, () => {
    const drawn = Array.from({ length: byFame ? 64 : 1 }, () => person(random.below(people), seed));
    const total = drawn.reduce((sum, { popularity = 0 }) => sum + popularity, 0);
    let left = random.next() * total;
    const gold =
      drawn.find(({ popularity = 0 }) => {
        left -= popularity;
        return left < 0;
      }) ?? drawn[0]!;
    return { mention: mentionOf(kind, gold, random.next()), gold: gold.id };
  });
}

function mentionOf(kind: Kind, { label }: Entity, where: number): string {
  const words = label.split(" ");
  const [given = "", family = ""] = [words[0], words.at(-1)];
  if (kind === "full") return `${given} ${family}`;
  if (kind === "initial") return `${given.charAt(0)}. ${family}`;
  if (kind === "surname") return family;
  const at = 1 + Math.floor(where * (family.length - 1));
  return `${given} ${family.slice(0, at)}${family.slice(at + 1)}`;
}
