import { type Caption, type CaptionLinks, counted, type Gold, type MentionLink } from "../core/index.js";
import type { EntityStore } from "../kb/index.js";

/** How the outcome of a mention changed. */
type Change = "lost" | "gained" | "changed" | "same";

/** A mention whose outcome changed or whose decision is contradicted: a line of the report. */
interface Finding {
  readonly id: string;
  readonly mention: string;
  readonly start?: number;
  readonly end?: number;
  /**
   * `lost`: the mention was linked and is no longer; `gained`: it was not linked and is now; `changed`: it is linked to
   * another entity.
   */
  readonly change: Change;
  readonly before: Linked | null;
  readonly after: Linked | null;
  /** Whether the knowledge base no longer contains the entity in `before`. */
  readonly removed?: true;
  /** The decision for the mention: the id of an entity, or null for NIL. Present only if it is contradicted. */
  readonly contradicted?: { readonly gold: string | null; readonly reason: "removed" | "no longer linked" };
}

interface Linked {
  readonly id: string;
  readonly label: string;
  readonly probability: number | null;
}

/**
 * Returns a comparison of old and new links, which counts what changed. `decided` returns the caption with the decisions for
 * a caption.
 */
export function createComparison(store: EntityStore, decided: (caption: Caption) => Caption | undefined) {
  const counts = { lost: 0, gained: 0, changed: 0, decisions: 0, contradicted: 0 };

  const findings = async (caption: Caption, old: CaptionLinks, now: CaptionLinks): Promise<Finding[]> => {
    const before = byPlace(old.mentions);
    const after = byPlace(now.mentions);
    const gold = byPlace(decided(caption)?.mentions ?? []);
    const ids = [...before.values()].flatMap(({ entity }) => entity?.id ?? []);
    const golds = [...gold.values()].flatMap(({ gold }) => (gold?.kind === "entity" ? gold.id : []));
    const known = await store.getMany([...new Set([...ids, ...golds])]);
    return [...new Set([...before.keys(), ...after.keys(), ...gold.keys()])].flatMap((place): Finding[] => {
      const [was, is] = [before.get(place), after.get(place)];
      const change = changeBetween(was, is);
      if (change !== "same") counts[change] += 1;
      const decision = gold.get(place)?.gold;
      if (decision !== undefined) counts.decisions += 1;
      const reason = decision && contradiction(decision, was, is, (id) => known.has(id));
      if (reason !== undefined) counts.contradicted += 1;
      if (change === "same" && reason === undefined) return [];
      const { text, start, end } = is ?? was ?? { ...gold.get(place)!, ...gold.get(place)!.span };
      const removed = was?.entity && !known.has(was.entity.id);
      return [
        {
          id: caption.id,
          mention: text,
          ...(start !== undefined && end !== undefined && { start, end }),
          change,
          before: linkedOf(was),
          after: linkedOf(is),
          ...(removed && { removed: true as const }),
          ...(reason && { contradicted: { gold: decision?.kind === "entity" ? decision.id : null, reason } }),
        },
      ];
    });
  };
  return { counts, findings };
}

/** Returns a line for the user about the changes. */
export function summaryOf(
  { lost, gained, changed, decisions, contradicted }: ReturnType<typeof createComparison>["counts"],
  captions: number,
  again: number,
): string {
  const links = `${counted(lost, "link")} lost, ${gained} gained, ${changed} changed`;
  const decided =
    decisions === 0 ? "" : `; ${contradicted} of ${counted(decisions, "decision")} contradicted`;
  return `${counted(captions, "caption")}, ${again} linked again: ${links}${decided}`;
}

/** Maps mentions by their text and, among mentions with the same text, their number. */
function byPlace<M extends { readonly text: string }>(mentions: readonly M[]): Map<string, M> {
  const seen = new Map<string, number>();
  return new Map(
    mentions.map((mention) => {
      const number = (seen.get(mention.text) ?? 0) + 1;
      seen.set(mention.text, number);
      return [`${number} ${mention.text}`, mention];
    }),
  );
}

function changeBetween(was: MentionLink | undefined, is: MentionLink | undefined): Change {
  const [before, after] = [was?.entity?.id, is?.entity?.id];
  if (before === after) return "same";
  if (before === undefined) return "gained";
  return after === undefined ? "lost" : "changed";
}

/**
 * Returns why a decision is contradicted; undefined if it is not. A decision that already differed from the old link is
 * contradicted only if its entity was removed.
 */
function contradiction(
  gold: Gold,
  was: MentionLink | undefined,
  is: MentionLink | undefined,
  exists: (id: string) => boolean,
): "removed" | "no longer linked" | undefined {
  if (gold.kind === "entity" && !exists(gold.id)) return "removed";
  const id = gold.kind === "entity" ? gold.id : undefined;
  const agreed = was !== undefined && was.entity?.id === id;
  return agreed && is?.entity?.id !== id ? "no longer linked" : undefined;
}

const linkedOf = (link: MentionLink | undefined): Linked | null =>
  link?.entity ? { id: link.entity.id, label: link.entity.label, probability: link.probability } : null;
