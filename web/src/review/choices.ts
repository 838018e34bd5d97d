import { rowsOf } from "../../../src/formats/link-rows.js";
import { foldName } from "./fold.js";
import type { Mark, NewEntity, WireMentionLink } from "./types.js";

/** A row of the list of choices for a name. */
export interface Choice {
  /** The entity; null for NIL. */
  readonly entity: { readonly id: string; readonly label: string } | null;
  /** Calibrated probability; null if it is not known. */
  readonly probability: number | null;
  /** Whether the probability is only an upper bound. */
  readonly isAtMost: boolean;
  readonly isProposed: boolean;
  /** Digit of the key that chooses this row; undefined if no digit is left. */
  readonly number: number | undefined;
  /** Whether the reviewer added the entity. */
  readonly isNew: boolean;
}

/** Highest digit that chooses an entity; 0 chooses NIL. */
const LAST_DIGIT = 9;

/**
 * Returns the choices for a name, most probable first: the candidates and NIL, and then entities of this name that the
 * reviewer added, and a chosen entity that is not in the list otherwise. A name without a link has only NIL.
 */
export function choicesOf(
  mark: Mark,
  link: WireMentionLink | undefined,
  additions: readonly NewEntity[],
): Choice[] {
  const rows =
    link === undefined
      ? [{ entity: null, probability: null, isAtMost: false, isProposed: false }]
      : rowsOf(link);
  const listed = new Set(rows.map(({ entity }) => entity?.id));
  const { gold } = mark;
  const name = foldName(mark.text);
  const others = additions
    .filter(({ id, label, aliases = [] }) => {
      const isChosen = gold?.kind === "entity" && gold.id === id;
      return !listed.has(id) && (isChosen || [label, ...aliases].some((one) => foldName(one) === name));
    })
    .map((entity) => ({ entity, isNew: true }));
  const isElsewhere =
    gold?.kind === "entity" && !listed.has(gold.id) && !others.some(({ entity }) => entity.id === gold.id);
  const chosen = isElsewhere ? [{ entity: { id: gold.id, label: gold.label ?? gold.id }, isNew: false }] : [];
  const added = [...others, ...chosen].map((other) => ({
    ...other,
    probability: null,
    isAtMost: false,
    isProposed: false,
  }));
  let digit = 0;
  return [...rows, ...added].map((row) => {
    const number = row.entity === null ? 0 : ++digit;
    return {
      isNew: false,
      ...row,
      number: number > LAST_DIGIT ? undefined : number,
    };
  });
}
