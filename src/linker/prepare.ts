import { type Caption, type CaptionCandidates, withoutGold } from "../core/index.js";
import {
  type ImpliedName,
  impliedNames,
  namesWithoutRole,
  withFullNames,
  withoutRoles,
} from "../mentions/index.js";
import type { Decision, Ranked } from "../ranking/index.js";
import { type FullName, type MergedCaption, mergeSamePerson, withNamesInText } from "./same-person/index.js";

/** A caption with additional mentions at the end, whose candidates help to decide the caption's own mentions. */
export interface ExtendedCaption {
  /** The caption without the additional mentions. */
  readonly own: Caption;
  /** The caption with the mentions that `withNamesInText` adds. */
  readonly named: Caption;
  /** The full names that the text implies for first names. */
  readonly implied: readonly ImpliedName[];
  /** The mentions that begin with an occupation, without it. */
  readonly roleless: readonly ImpliedName[];
  /** `named` with the implied names and the names without occupations as additional mentions at the end. */
  readonly caption: Caption;
}

/** Adds the full names in the text, the implied full names, and the names without occupations to a caption. */
export function extend(own: Caption): ExtendedCaption {
  const named = withNamesInText(own);
  const implied = impliedNames(named);
  const roleless = namesWithoutRole(named);
  const added = [...implied, ...roleless];
  if (added.length === 0) return { own, named, implied, roleless, caption: named };
  const mentions = [...named.mentions, ...added.map(({ mention }) => mention)];
  return { own, named, implied, roleless, caption: { ...named, mentions } };
}

/** A caption with the candidates of its own mentions (`found`), and the input for the model. */
export interface Prepared<Found extends CaptionCandidates> {
  readonly found: Found;
  readonly input: CaptionCandidates;
  /** How the mentions of the same person were merged in `input`. Absent if no mentions were merged. */
  readonly merged?: MergedCaption | undefined;
}

/**
 * Takes occupations out of names, replaces first names with full names, and merges the mentions of the same person. `found` contains the candidates of
 * the extended caption; the result's `found` contains only the caption's own mentions.
 */
export function prepare<Found extends CaptionCandidates>(
  { own, named, implied, roleless }: ExtendedCaption,
  found: Found,
): Prepared<Found> {
  const count = own.mentions.length;
  const last = named.mentions.length;
  const { candidates } = found;
  const bare = withoutRoles(
    { caption: withoutGold(named), candidates: candidates.slice(0, last) },
    roleless,
    candidates.slice(last + implied.length),
  );
  const completed = withFullNames(bare, implied, candidates.slice(last));
  const merged = mergeSamePerson(completed, count);
  const ownFound =
    candidates.length === count ? found : { ...found, caption: own, candidates: candidates.slice(0, count) };
  const input = merged?.input ?? firstMentions(completed, count);
  return { found: ownFound, input, merged };
}

const firstMentions = ({ caption, candidates }: CaptionCandidates, count: number): CaptionCandidates =>
  candidates.length === count
    ? { caption, candidates }
    : {
        caption: { ...caption, mentions: caption.mentions.slice(0, count) },
        candidates: candidates.slice(0, count),
      };

/** A caption with its ranked candidates. `ranked[i]` and `decisions[i]` belong to mention i of the caption. */
export interface RankedCaption<Found extends CaptionCandidates = CaptionCandidates> {
  readonly found: Found;
  readonly ranked: readonly (readonly Ranked[])[];
  readonly decisions: readonly Decision[];
  /**
   * `fullNames[i]` is the full name with which mention i was merged because both name the same person; undefined if
   * mention i was not merged.
   */
  readonly fullNames: readonly (FullName | undefined)[];
}

/** Assigns the results for the merged mentions to the mentions of the original caption. */
export function forEachMention<Found extends CaptionCandidates>(
  { found, merged }: Prepared<Found>,
  ranked: RankedCaption["ranked"],
  decisions: RankedCaption["decisions"],
): RankedCaption<Found> {
  if (merged === undefined) return { found, ranked, decisions, fullNames: ranked.map(() => undefined) };
  return {
    found,
    ranked: merged.source.map((index) => ranked[index]!),
    decisions: merged.source.map((index) => decisions[index]!),
    fullNames: merged.fullNames,
  };
}
