import type { JSX } from "preact";
import { describeEntity, type EntityState } from "../app/index.js";
import { useApp, useStore } from "./context.js";
import { EntityFacts, EntityPicture } from "./entity.js";
import { CheckIcon } from "./icons.js";

interface CandidateRowProps {
  readonly id: string;
  readonly label: string;
  /** Digit of the key that chooses the candidate; undefined for an entity that has no key. */
  readonly number: number | undefined;
  readonly probability: number | null;
  readonly isSuggested: boolean;
  readonly isChosen: boolean;
  /** Whether the reviewer added the entity. */
  readonly isNew: boolean;
  /** Other reviewers who chose the entity. */
  readonly chosenBy: readonly string[];
  readonly details: boolean;
  readonly onChoose: () => void;
}

/** Shows a candidate entity as a button that chooses the entity. */
export function CandidateRow(props: CandidateRowProps): JSX.Element {
  const { id, label, number, probability, isSuggested, isChosen, isNew, chosenBy, details, onChoose } = props;
  const state = useStore(useApp().entities.watch(id));
  return (
    <li class={isChosen ? "candidate chosen" : "candidate"}>
      <button
        type="button"
        class="candidate-button"
        data-choice={number ?? "search"}
        aria-pressed={isChosen}
        aria-keyshortcuts={number === undefined ? undefined : String(number)}
        onClick={onChoose}
      >
        <span class="key" aria-hidden="true">
          {isChosen ? <CheckIcon /> : number}
        </span>
        <EntityPicture id={id} label={label} state={state} />
        <span class="who">
          <span class="label">
            <bdi>{label === id && state.kind === "found" ? state.entity.label : label}</bdi>
            {isSuggested && <span class="tag">suggested</span>}
            {isNew && <span class="tag unsure">new</span>}
            <ChosenBy names={chosenBy} />
          </span>
          <About id={id} state={state} />
        </span>
        <Probability of={probability} />
      </button>
      {details && <EntityFacts id={id} state={state} />}
    </li>
  );
}

/** Shows which reviewers chose a row, if two reviewers decided differently. */
export const ChosenBy = ({ names }: { readonly names: readonly string[] }): JSX.Element | null =>
  names.length === 0 ? null : (
    <span class="tag unsure">
      chosen by <bdi>{names.join(", ")}</bdi>
    </span>
  );

function About({ id, state }: { readonly id: string; readonly state: EntityState }): JSX.Element {
  switch (state.kind) {
    case "loading":
      return <span class="about pending">…</span>;
    case "found":
      return (
        <span class="about">
          <bdi>{describeEntity(state.entity) || id}</bdi>
        </span>
      );
    case "missing":
      return <span class="about">{id} is not in this server’s knowledge base</span>;
    case "failed":
      return <span class="about">{id} (description could not be loaded)</span>;
  }
}

/**
 * Shows a probability as a percentage and as a bar; the full width of the bar is a probability of 1. Shows nothing if
 * the probability is null. `isAtMost` says that the probability is an upper bound.
 */
export function Probability({
  of: probability,
  isAtMost = false,
}: {
  readonly of: number | null;
  readonly isAtMost?: boolean;
}): JSX.Element | null {
  if (probability === null) return null;
  return (
    <>
      <span class="probability">
        {isAtMost && <span class="soft">at most </span>}
        {percent(probability)}
      </span>
      <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <rect class="rail" width="100" height="6" />
        <rect class="filled" width={100 * probability} height="6" />
      </svg>
    </>
  );
}

/** Formats a probability as an integer percentage. Only a probability of exactly 0 or 1 is shown as 0% or 100%. */
export function percent(probability: number): string {
  const percentage = Math.round(100 * probability);
  if (percentage === 100 && probability < 1) return ">99%";
  if (percentage === 0 && probability > 0) return "<1%";
  return `${percentage}%`;
}
