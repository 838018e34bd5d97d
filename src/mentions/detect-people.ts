import type { Mention } from "../core/index.js";
import { namesIn } from "./detect.js";

/** A name that may be a person's. */
export interface PersonName {
  readonly mention: Mention;
  /** Whether the tagger calls it a person; else it knows nothing of it, as of many foreign names. */
  readonly certain: boolean;
}

/** The names of an English text that are people's or may be: not those that the tagger takes for places or organisations. */
export async function detectPeople(text: string): Promise<PersonName[]> {
  const names = await namesIn(text);
  return names
    .filter(({ kind }) => kind !== "other")
    .map(({ mention, kind }) => ({ mention, certain: kind === "person" }));
}
