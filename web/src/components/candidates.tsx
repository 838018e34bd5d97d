import type { JSX } from "preact";
import { choose, decide } from "../app/index.js";
import {
  type BeforeAfter,
  beforeAfter,
  changedByOthers,
  type Mark,
  proposed,
  sameGold,
  type WireMentionLink,
} from "../review/index.js";
import { CandidateRow } from "./candidate-row.js";
import { useApp } from "./context.js";
import { CheckIcon, NoneIcon, SearchIcon } from "./icons.js";

interface CandidatesProps {
  readonly mark: Mark;
  readonly link: WireMentionLink | undefined;
  /** Link of the name when the name is linked without the caption's other names. */
  readonly alone: WireMentionLink | undefined;
  /** Whether the caption has only one name. */
  readonly isOnly: boolean;
  readonly details: boolean;
}

/** Shows the choices for a name: its candidates, "Not in the knowledge base", and a search. */
export function Candidates({ mark, link, alone, isOnly, details }: CandidatesProps): JSX.Element {
  const app = useApp();
  const candidates = link?.candidates ?? [];
  const rows = beforeAfter(candidates, alone?.candidates);
  const changed = changedByOthers(rows);
  const suggestion = link && proposed(link);
  const { gold } = mark;
  const chosenElsewhere =
    gold?.kind === "entity" && !candidates.some(({ id }) => id === gold.id) ? gold : undefined;
  return (
    <>
      {candidates.length > 0 && <Legend rows={rows} changed={changed} isOnly={isOnly} />}
      <ol class="candidates">
        {candidates.map(({ id, label, probability }, index) => (
          <CandidateRow
            key={id}
            id={id}
            label={label}
            number={index + 1}
            probability={probability}
            scores={rows[index]}
            changed={changed}
            isSuggested={suggestion?.kind === "entity" && suggestion.id === id}
            isChosen={gold?.kind === "entity" && gold.id === id}
            details={details}
            onChoose={() => choose(app, index + 1)}
          />
        ))}
        {chosenElsewhere !== undefined && (
          <CandidateRow
            key={chosenElsewhere.id}
            id={chosenElsewhere.id}
            label={chosenElsewhere.label ?? chosenElsewhere.id}
            number={undefined}
            probability={null}
            scores={undefined}
            changed={false}
            isSuggested={false}
            isChosen
            details={details}
            onChoose={() => decide(app, chosenElsewhere)}
          />
        )}
        <NilRow isChosen={gold?.kind === "nil"} isSuggested={sameGold(suggestion, { kind: "nil" })} />
        <SearchRow hasNoCandidates={link !== undefined && candidates.length === 0} name={mark.text} />
      </ol>
    </>
  );
}

interface LegendProps {
  readonly rows: readonly BeforeAfter[];
  readonly changed: boolean;
  readonly isOnly: boolean;
}

function Legend({ rows, changed, isOnly }: LegendProps): JSX.Element {
  const loses = rows.some(({ beforeBar, afterBar }) => beforeBar - afterBar > 0.01);
  return (
    <p class="legend">
      <span>
        <i class="own" aria-hidden="true" /> {isOnly ? "how well it fits" : "how well it fits on its own"}
      </span>
      {changed && (
        <span>
          <i class="gained" aria-hidden="true" /> what the caption’s other names add
        </span>
      )}
      {changed && loses && (
        <span>
          <i class="lost" aria-hidden="true" /> what they take away
        </span>
      )}
      {!changed && !isOnly && <span>(the caption’s other names do not change these scores)</span>}
    </p>
  );
}

interface NilRowProps {
  readonly isChosen: boolean;
  readonly isSuggested: boolean;
}

function NilRow({ isChosen, isSuggested }: NilRowProps): JSX.Element {
  const app = useApp();
  return (
    <li class={isChosen ? "candidate chosen" : "candidate"}>
      <button
        type="button"
        class="candidate-button"
        data-choice="0"
        aria-pressed={isChosen}
        aria-keyshortcuts="0"
        onClick={() => decide(app, { kind: "nil" })}
      >
        <span class="key" aria-hidden="true">
          {isChosen ? <CheckIcon /> : "0"}
        </span>
        <span class="entity-picture plain">
          <NoneIcon />
        </span>
        <span class="who">
          <span class="label">
            Not in the knowledge base
            {isSuggested && <span class="tag">suggested</span>}
          </span>
          <span class="about">None of these; exported as NIL</span>
        </span>
      </button>
    </li>
  );
}

interface SearchRowProps {
  readonly hasNoCandidates: boolean;
  readonly name: string;
}

function SearchRow({ hasNoCandidates, name }: SearchRowProps): JSX.Element {
  const app = useApp();
  return (
    <li class="candidate">
      <button
        type="button"
        class="candidate-button"
        data-choice="search"
        aria-keyshortcuts="/"
        onClick={() => app.dialog.set("search")}
      >
        <span class="key" aria-hidden="true">
          /
        </span>
        <span class="entity-picture plain">
          <SearchIcon />
        </span>
        <span class="who">
          <span class="label">Search the knowledge base</span>
          <span class="about">
            {hasNoCandidates ? (
              <>
                No entity has a name like “<bdi>{name}</bdi>”; try another spelling
              </>
            ) : (
              "Someone or something else"
            )}
          </span>
        </span>
      </button>
    </li>
  );
}
