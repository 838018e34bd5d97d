import { foldName } from "./fold.js";
import type { Item, NewEntity } from "./types.js";

/** What the reviewer enters about a new entity. All fields are text; empty fields are left out. */
export interface EntityDraft {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Separated by semicolons, like `occupation`. */
  readonly aliases: string;
  readonly birth: string;
  readonly death: string;
  readonly occupation: string;
}

export const draftOf = (label: string): EntityDraft => ({
  id: "",
  label,
  description: "",
  aliases: "",
  birth: "",
  death: "",
  occupation: "",
});

/** Returns an id that no other addition has, such as `new-clara-ferris`. */
export function suggestedId(label: string, additions: readonly NewEntity[]): string {
  const words = foldName(label).match(/[\p{L}\p{N}]+/gu) ?? ["entity"];
  const base = `new-${words.join("-")}`;
  const taken = new Set(additions.map(({ id }) => id));
  let id = base;
  for (let number = 2; taken.has(id); number++) id = `${base}-${number}`;
  return id;
}

/** Returns whether a name is the label or another name of an entity, apart from case and accents. */
export function isNamed({ label, aliases = [] }: NewEntity, name: string): boolean {
  const folded = foldName(name);
  return [label, ...aliases].some((one) => foldName(one) === folded);
}

/** Returns the captions in which a name of an entity is undecided. */
export const openFor = (items: readonly Item[], entity: NewEntity): Item[] =>
  items.filter(({ marks }) => marks.some(({ gold, text }) => gold === undefined && isNamed(entity, text)));

/** Converts a draft to an entity in the format of entity files. */
export function entityOf(draft: EntityDraft): NewEntity {
  const { birth, death, occupation } = draft;
  const properties = Object.entries({ birth, death, occupation }).flatMap(([name, text]) => {
    const values = name === "occupation" ? split(text) : [text.trim()].filter((value) => value !== "");
    return values.length === 0 ? [] : [[name, values] as const];
  });
  const aliases = split(draft.aliases);
  const description = draft.description.trim();
  return {
    id: draft.id,
    label: draft.label.trim(),
    ...(aliases.length > 0 && { aliases }),
    ...(description !== "" && { description }),
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
  };
}

const split = (text: string): string[] =>
  text
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "");
