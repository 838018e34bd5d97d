import { rowsOf } from "../../../src/formats/link-rows.js";
import { isNamed } from "./additions.js";
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
  /** Other reviewers who chose this row. */
  readonly chosenBy: readonly string[];
}

/** Highest digit that chooses an entity; 0 chooses NIL. */
const LAST_DIGIT = 9;

/**
 * Returns the choices for a name, most probable first: the candidates and NIL, and then entities of this name that the
 * reviewer added, entities that other reviewers chose, and a chosen entity that is not in the list otherwise. A name
 * without a link has only NIL, and these.
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
  const { gold, choices = [] } = mark;
  const added = new Map(additions.map((entity) => [entity.id, entity]));
  const others = [
    ...additions.filter((entity) => isNamed(entity, mark.text)),
    ...choices.flatMap(({ id }) => (id === null ? [] : [added.get(id) ?? { id, label: id }])),
    ...(gold?.kind === "entity" ? [added.get(gold.id) ?? { id: gold.id, label: gold.label ?? gold.id }] : []),
  ];
  const listed = new Map<string | null, Omit<Choice, "number" | "isNew" | "chosenBy">>(
    rows.map(({ entity, probability, isAtMost, isProposed }) => [
      entity?.id ?? null,
      { entity, probability, isAtMost, isProposed },
    ]),
  );
  for (const { id, label } of others)
    if (!listed.has(id))
      listed.set(id, { entity: { id, label }, probability: null, isAtMost: false, isProposed: false });
  let digit = 0;
  return [...listed].map(([id, row]) => {
    const number = id === null ? 0 : ++digit;
    return {
      ...row,
      number: number > LAST_DIGIT ? undefined : number,
      isNew: id !== null && added.has(id),
      chosenBy: choices.filter((choice) => choice.id === id).map(({ by }) => by),
    };
  });
}
