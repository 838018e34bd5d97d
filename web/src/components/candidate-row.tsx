import type { JSX } from "preact";
import { describeEntity, type EntityState } from "../app/index.js";
import type { BeforeAfter } from "../review/index.js";
import { useApp, useStore } from "./context.js";
import { EntityFacts, EntityPicture } from "./entity.js";
import { CheckIcon } from "./icons.js";

interface CandidateRowProps {
  readonly id: string;
  readonly label: string;
  /** Digit of the key that chooses the candidate; undefined for an entity that the reviewer found by searching. */
  readonly number: number | undefined;
  readonly probability: number | null;
  readonly scores: BeforeAfter | undefined;
  /** Whether the caption's other names change a score or a rank in the list. */
  readonly changed: boolean;
  readonly isSuggested: boolean;
  readonly isChosen: boolean;
  readonly details: boolean;
  readonly onChoose: () => void;
}

/** Shows a candidate entity as a button that chooses the entity. */
export function CandidateRow(props: CandidateRowProps): JSX.Element {
  const { id, label, number, probability, scores, changed, isSuggested, isChosen, details, onChoose } = props;
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
            <bdi>{label}</bdi>
            {isSuggested && <span class="tag">suggested</span>}
          </span>
          <About id={id} state={state} />
        </span>
        <span class="figures">
          {probability !== null && <span class="probability">{percent(probability)}</span>}
          {scores !== undefined && <Scores row={scores} changed={changed} />}
        </span>
        {scores !== undefined && <Bar before={scores.beforeBar} after={scores.afterBar} />}
      </button>
      {details && <EntityFacts id={id} state={state} />}
    </li>
  );
}

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
 * Shows a bar with two parts: the score without the caption's other names, and the difference that the other names
 * make. `before` and `after` are the bar's lengths without and with the other names, from 0 to 1.
 */
function Bar({ before, after }: { readonly before: number; readonly after: number }): JSX.Element {
  const [low, high] = before < after ? [before, after] : [after, before];
  return (
    <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect class="rail" width="100" height="6" rx="1" />
      <rect class={before <= after ? "gained" : "lost"} x="0" width={100 * high} height="6" />
      <rect class="own" x="0" width={100 * low} height="6" />
    </svg>
  );
}

interface ScoresProps {
  readonly row: BeforeAfter;
  readonly changed: boolean;
}

/**
 * Shows the candidate's score or, if `changed` is true, two scores: without and with the caption's other names. With
 * two scores, also shows the rank without the other names if it differs from the rank with them. A missing score is
 * shown as a dash.
 */
function Scores({ row, changed }: ScoresProps): JSX.Element {
  const { before, after, afterBar, rankBefore, rankAfter } = row;
  if (afterBar === 0 && before === undefined) {
    return (
      <span class="scores" title="Not scored by the network, because the lexical ranker ruled it out">
        <span aria-hidden="true">–</span>
        <span class="sr">not scored by the network</span>
      </span>
    );
  }
  if (!changed) return <span class="scores">{after.toFixed(2)}</span>;
  const moved = rankBefore !== undefined && rankBefore !== rankAfter;
  return (
    <span class="scores">
      {moved && (
        <span class={rankAfter < rankBefore ? "moved up" : "moved down"}>
          <span aria-hidden="true">{rankAfter < rankBefore ? "▲" : "▼"}</span> was {ordinal(rankBefore)},{" "}
        </span>
      )}
      {before === undefined ? "–" : before.toFixed(2)} <span class="sr">on its own,</span>
      <span aria-hidden="true"> → </span>
      {afterBar === 0 ? "–" : after.toFixed(2)} <span class="sr">with the other names</span>
    </span>
  );
}

function ordinal(rank: number): string {
  const ending = { one: "st", two: "nd", few: "rd", other: "th", many: "th", zero: "th" };
  return `${rank}${ending[new Intl.PluralRules("en", { type: "ordinal" }).select(rank)]}`;
}

/** Formats a probability as an integer percentage. Only a probability of exactly 0 or 1 is shown as 0% or 100%. */
export function percent(probability: number): string {
  const percentage = Math.round(100 * probability);
  if (percentage === 100 && probability < 1) return ">99%";
  if (percentage === 0 && probability > 0) return "<1%";
  return `${percentage}%`;
}
