import {
  type Caption,
  type CaptionLinks,
  type Entity,
  type Gold,
  isAsAnnotated,
  type MentionLink,
  type RankedCandidate,
} from "../../core/index.js";
import { entitySummary } from "../entity-summary.js";
import { type LinkRow, rowsOf } from "../link-rows.js";
import type { EmbeddedPictures } from "./markup.js";
import type { ShownCaption, ShownEntity, ShownMention, ShownRow } from "./page-data.js";

/** A caption with its links. */
export interface LinkedCaption {
  readonly caption: Caption;
  readonly links: CaptionLinks;
  /** The links of the same caption without its picture, for comparison. */
  readonly blind?: CaptionLinks;
}

/** Returns the paths of all pictures that a page shows for a caption. */
export function picturePaths({ caption, links }: LinkedCaption): string[] {
  return [
    ...(caption.image === undefined ? [] : [caption.image]),
    ...links.mentions.flatMap(({ candidates }) =>
      candidates.flatMap(({ entity }) => entity.images.slice(0, 1)),
    ),
  ];
}

/** Converts captions for one page, and numbers their entities and pictures. */
export interface Converter {
  /** Converts a caption, given its pictures. */
  convert(linked: LinkedCaption, pictures: EmbeddedPictures): ShownCaption;
  /** All entities and pictures so far, by number. Pictures are `data:` URLs. */
  readonly entities: readonly ShownEntity[];
  readonly pictures: readonly string[];
}

export function createConverter(): Converter {
  const entities = numbered<ShownEntity>();
  const pictures = numbered<string>();
  return {
    entities: entities.list,
    pictures: pictures.list,
    convert({ caption, links, blind }, embedded) {
      const pictureOf = (paths: readonly string[]): number | undefined => {
        const path = paths.find((one) => embedded.has(one));
        return path === undefined ? undefined : pictures.numberOf(path, () => embedded.get(path)!);
      };
      const numberOf = (entity: Entity): number =>
        entities.numberOf(entity.id, () => shownEntity(entity, pictureOf(entity.images)));
      const picture = caption.image === undefined ? undefined : pictureOf([caption.image]);
      return {
        id: caption.id,
        text: caption.text,
        ...(caption.language !== undefined && { language: caption.language }),
        ...(picture !== undefined && { picture }),
        mentions: links.mentions.map((link, i) =>
          shownMention(link, caption.mentions[i]?.gold, blind?.mentions[i], numberOf),
        ),
      };
    },
  };
}

/** Numbers values by key, in the order in which they first appear. */
function numbered<T>() {
  const numbers = new Map<string, number>();
  const list: T[] = [];
  return {
    list,
    numberOf(key: string, create: () => T): number {
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, list.length);
      return list.push(create()) - 1;
    },
  };
}

function shownEntity(entity: Entity, picture: number | undefined): ShownEntity {
  return {
    id: entity.id,
    label: entity.label,
    about: entitySummary(entity),
    ...(entity.url !== undefined && { url: entity.url }),
    ...(picture !== undefined && { picture }),
  };
}

function shownMention(
  link: MentionLink,
  gold: Gold | undefined,
  blind: MentionLink | undefined,
  numberOf: (entity: Entity) => number,
): ShownMention {
  const { text, start, end, probability, because, independent, with: full } = link;
  return {
    text,
    ...(start !== undefined && end !== undefined && { start, end }),
    link: nameOf(link),
    probability: shownProbability(probability),
    rows: rowsOf(link).map((row) => shownRow(row, link, numberOf)),
    ...(gold !== undefined && { gold: goldName(gold, link), right: isAsAnnotated(link, gold) === true }),
    ...(because !== undefined && { because }),
    ...(independent !== undefined && { alone: independent.label }),
    ...(full !== undefined && { full: full.text }),
    ...(blind !== undefined && nameOf(blind) !== nameOf(link) && { blind: nameOf(blind) }),
  };
}

function shownRow(
  { entity, candidate, probability, isAtMost, isProposed }: LinkRow<RankedCandidate>,
  link: MentionLink,
  numberOf: (entity: Entity) => number,
): ShownRow {
  const known = candidate?.entity ?? (entity === null ? null : link.entity);
  return {
    entity: known === null ? null : numberOf(known),
    probability: shownProbability(probability),
    ...(isAtMost && { atMost: true }),
    ...(isProposed && { proposed: true }),
    ...(candidate && { scores: [rounded(candidate.match), rounded(candidate.score)] }),
    ...(isMoved(link, candidate) && { rank: candidate.independentRank }),
  };
}

/** Returns whether the caption's other mentions changed the rank of a candidate. */
function isMoved(
  { candidates }: MentionLink,
  candidate: RankedCandidate | undefined,
): candidate is RankedCandidate & { readonly independentRank: number } {
  const rank = candidate?.independentRank;
  return candidate !== undefined && rank !== undefined && rank !== candidates.indexOf(candidate) + 1;
}

const goldName = (gold: Gold, { candidates }: MentionLink): string =>
  gold.kind === "nil" ? "NIL" : (candidates.find(({ id }) => id === gold.id)?.label ?? gold.id);

/** Returns the label of the linked entity, or "NIL". */
export const nameOf = ({ entity }: MentionLink): string => entity?.label ?? "NIL";

/** Rounds a score for a page, which shows two decimals of it. */
const rounded = <Score extends number | null>(score: Score): Score =>
  (score === null ? null : Number(score.toFixed(3))) as Score;

/** Rounds a probability for a page. A probability below 1 stays below 1. */
const shownProbability = (probability: number | null): number | null =>
  probability === null || probability === 1 ? probability : Math.min(0.9999, Number(probability.toFixed(4)));
