import type { JSX } from "preact";
import { aboutEntity, type EntityState } from "../app/index.js";
import type { BeforeAfter } from "../review/index.js";
import { Bar, Scores } from "./bar.js";
import { useApp, useStore } from "./context.js";
import { EntityFacts } from "./entity.js";
import { EntityPicture } from "./entity-picture.js";
import { CheckIcon } from "./icons.js";
import { percent } from "./percent.js";

interface CandidateRowProps {
  readonly id: string;
  readonly label: string;
  /** The key that chooses it; none for an entity that the reviewer found by searching. */
  readonly number: number | undefined;
  readonly probability: number | null;
  readonly scores: BeforeAfter | undefined;
  readonly together: boolean;
  readonly isProposed: boolean;
  readonly isChosen: boolean;
  readonly details: boolean;
  readonly onChoose: () => void;
}

/** One entity that the name may mean, as a button that decides so. */
export function CandidateRow(props: CandidateRowProps): JSX.Element {
  const { id, label, number, probability, scores, together, isProposed, isChosen, details, onChoose } = props;
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
            {isProposed && <span class="tag">proposed</span>}
          </span>
          <About id={id} state={state} />
        </span>
        <span class="figures">
          {probability !== null && <span class="probability">{percent(probability)}</span>}
          {scores !== undefined && <Scores row={scores} together={together} />}
        </span>
        {scores !== undefined && <Bar own={scores.own} all={scores.all} />}
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
          <bdi>{aboutEntity(state.entity) || id}</bdi>
        </span>
      );
    case "missing":
      return <span class="about">{id} is not in this server’s knowledge base</span>;
    case "failed":
      return <span class="about">{id} (its description could not be loaded)</span>;
  }
}
