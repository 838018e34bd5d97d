import type { Entity } from "../../core/index.js";
import { MAX_NAME_LENGTH } from "../../formats/index.js";
import { scriptOf } from "../../names/index.js";
import { nameKey } from "./names.js";

/** Another name for a person: a nickname or alias of the knowledge base, or the family name alone. */
export interface OtherName {
  readonly text: string;
  readonly kind: "alias" | "family";
}

const AFTER_NAME = /^(?:jr|sr|junior|senior|[ivx]+|\d\w*)\.?$/iu;
const QUALIFIER = /\s*\([^()]*\)/gu;

/**
 * What a caption may call a person in place of the full name: aliases and nicknames in the same script, but for those that
 * write the name out at greater length, and its last word that is no suffix. In a fixed order, each once, none equal to the
 * name or the label.
 */
export function otherNames(entity: Entity, fullName: string): OtherName[] {
  const aliases = [...entity.aliases, ...(entity.properties.nickname ?? [])].map((text) => text.trim());
  const family = familyName(fullName);
  const names: OtherName[] = [
    ...aliases.map((text): OtherName => ({ text, kind: "alias" })),
    ...(family === undefined ? [] : [{ text: family, kind: "family" } as const]),
  ];
  const taken = new Set(["", nameKey(fullName), nameKey(entity.label)]);
  return names.filter(({ text }) => {
    const key = nameKey(text);
    if (taken.has(key) || !fits(text, fullName, family)) return false;
    taken.add(key);
    return true;
  });
}

function fits(name: string, fullName: string, family: string | undefined): boolean {
  const longer = wordsOf(name).length > wordsOf(fullName).length;
  const writtenOut = longer && family !== undefined && nameKey(name).split(" ").includes(nameKey(family));
  return name.length <= MAX_NAME_LENGTH && !writtenOut && scriptOf(name) === scriptOf(fullName);
}

function familyName(fullName: string): string | undefined {
  const words = wordsOf(fullName.replace(QUALIFIER, ""))
    .map((word) => word.replace(/,$/, ""))
    .filter((word) => !AFTER_NAME.test(word));
  return words.length > 1 ? words.at(-1) : undefined;
}

const wordsOf = (name: string): string[] => name.split(/\s+/u).filter((word) => word !== "");
