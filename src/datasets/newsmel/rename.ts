import type { Caption, Mention, Random } from "../../core/index.js";
import { nameKey } from "./names.js";
import { type OtherName, otherNames } from "./other-names.js";
import type { Meant, Resolved } from "./resolve.js";

/** Share of the people of the captions that are called otherwise (section 4.1: "about 50%"). */
const SHARE = 0.5;

/** A caption with its names as they stay, and how its people are called now. */
export interface Renamed {
  readonly caption: Caption;
  /** One a mention: what stands in place of the full name, if anything does. */
  readonly called: readonly (OtherName["kind"] | "full")[];
}

/** Somebody in a caption who can be called otherwise. */
interface Chance {
  readonly caption: number;
  readonly entity: string;
  readonly name: OtherName;
}

/**
 * Calls half of the people of the captions otherwise, as far as they have other names; all mentions of a person in a caption
 * alike. A person whose full name stands in the caption outside of its mentions keeps it, and nobody gets a name that
 * somebody else of the caption has.
 */
export function renamePeople(resolved: readonly Resolved[], random: Random): Renamed[] {
  const people = resolved.map(peopleOf);
  const chances = people.flatMap((entities, caption) =>
    [...entities].flatMap(([entity, meant]): Chance[] => {
      const names = namesFor(resolved[caption]!, meant);
      return names.length === 0 ? [] : [{ caption, entity, name: names[random.below(names.length)]! }];
    }),
  );
  const total = people.reduce((sum, entities) => sum + entities.size, 0);
  const chosen = resolved.map(() => new Map<string, OtherName>());
  for (const { caption, entity, name } of random.shuffle(chances).slice(0, Math.round(SHARE * total)))
    chosen[caption]!.set(entity, name);
  return resolved.map((one, at) => renamed(one, withoutClashes(chosen[at]!)));
}

function peopleOf({ meant }: Resolved): Map<string, Meant[]> {
  const people = new Map<string, Meant[]>();
  for (const one of meant) people.set(one.entity.id, [...(people.get(one.entity.id) ?? []), one]);
  return people;
}

function namesFor({ caption, meant: all }: Resolved, meant: readonly Meant[]): OtherName[] {
  const [first] = meant;
  if (first === undefined) return [];
  const others = new Set(
    all.filter(({ entity }) => entity.id !== first.entity.id).map(({ mention }) => nameKey(mention.text)),
  );
  const rest = outside(
    caption.text,
    all.map(({ mention }) => mention),
  );
  if (meant.some(({ mention }) => rest.includes(mention.text.toLowerCase()))) return [];
  return otherNames(first.entity, first.mention.text).filter(({ text }) => !others.has(nameKey(text)));
}

/** Two people of a caption who were to get the same name: the first does. */
function withoutClashes(names: ReadonlyMap<string, OtherName>): ReadonlyMap<string, OtherName> {
  const taken = new Set<string>();
  return new Map(
    [...names].filter(([, { text }]) => !taken.has(nameKey(text)) && taken.add(nameKey(text)) !== undefined),
  );
}

/** The text between the mentions, in lower case. */
function outside(text: string, mentions: readonly Mention[]): string {
  let from = 0;
  const parts: string[] = [];
  for (const { span } of mentions) {
    if (span === undefined) continue;
    parts.push(text.slice(from, span.start));
    from = span.end;
  }
  return [...parts, text.slice(from)].join("\n").toLowerCase();
}

/** Writes the caption anew, with offsets that fit. Mentions stand in order and do not overlap. */
function renamed({ caption, meant }: Resolved, names: ReadonlyMap<string, OtherName>): Renamed {
  let text = "";
  let from = 0;
  const mentions: Mention[] = [];
  for (const { mention, entity } of meant) {
    const span = mention.span ?? { start: from, end: from };
    const name = names.get(entity.id)?.text ?? mention.text;
    text += caption.text.slice(from, span.start);
    mentions.push({
      text: name,
      span: { start: text.length, end: text.length + name.length },
      gold: { kind: "entity", id: entity.id },
    });
    text += name;
    from = span.end;
  }
  return {
    caption: { ...caption, text: text + caption.text.slice(from), mentions },
    called: meant.map(({ entity }) => names.get(entity.id)?.kind ?? "full"),
  };
}
