import type { JSX } from "preact";
import { currentChoices, decide, goldOf, type Place } from "../app/index.js";
import { type Choice, type Mark, sameGold } from "../review/index.js";
import { CandidateRow, ChosenBy, Probability } from "./candidate-row.js";
import { useApp, useWork } from "./context.js";
import { CheckIcon, NoneIcon, PlusIcon, SearchIcon } from "./icons.js";

interface CandidatesProps {
  readonly place: Place & { readonly mark: Mark };
  readonly details: boolean;
}

/**
 * Shows the choices for a name, most probable first: its candidates and "Not in the knowledge base". A search and a
 * new entity follow.
 */
export function Candidates({ place, details }: CandidatesProps): JSX.Element {
  const app = useApp();
  const choices = currentChoices(useWork(), place);
  const { mark, link } = place;
  return (
    <ol class="candidates">
      {choices.map((choice) => {
        const { entity, number, probability, isProposed, isNew, chosenBy } = choice;
        const isChosen = sameGold(mark.gold, goldOf(choice));
        if (entity === null) return <NilRow key="" choice={choice} isChosen={isChosen} />;
        return (
          <CandidateRow
            key={entity.id}
            id={entity.id}
            label={entity.label}
            number={number}
            probability={probability}
            isSuggested={isProposed}
            isChosen={isChosen}
            isNew={isNew}
            chosenBy={chosenBy}
            details={details}
            onChoose={() => decide(app, goldOf(choice))}
          />
        );
      })}
      <OtherRow
        shortcut="/"
        icon={<SearchIcon />}
        label="Search the knowledge base"
        about={
          link !== undefined && link.candidates.length === 0 ? (
            <>
              No entity has a name like “<bdi>{mark.text}</bdi>”; try another spelling
            </>
          ) : (
            "Someone or something else"
          )
        }
        onPress={() => app.dialog.set("search")}
      />
      <OtherRow
        shortcut="B"
        icon={<PlusIcon />}
        label="New entity"
        about="Describe someone or something that the knowledge base should have"
        onPress={() => app.dialog.set("new-entity")}
      />
    </ol>
  );
}

interface NilRowProps {
  readonly choice: Choice;
  readonly isChosen: boolean;
}

function NilRow({
  choice: { probability, isAtMost, isProposed, chosenBy },
  isChosen,
}: NilRowProps): JSX.Element {
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
            {isProposed && <span class="tag">suggested</span>}
            <ChosenBy names={chosenBy} />
          </span>
          <span class="about">None of these; exported as NIL</span>
        </span>
        <Probability of={probability} isAtMost={isAtMost} />
      </button>
    </li>
  );
}

interface OtherRowProps {
  readonly shortcut: string;
  readonly icon: JSX.Element;
  readonly label: string;
  readonly about: JSX.Element | string;
  readonly onPress: () => void;
}

/** Shows a row that opens a dialog to find or describe another entity. */
const OtherRow = ({ shortcut, icon, label, about, onPress }: OtherRowProps): JSX.Element => (
  <li class="candidate">
    <button
      type="button"
      class="candidate-button"
      data-choice="other"
      aria-keyshortcuts={shortcut}
      onClick={onPress}
    >
      <span class="key" aria-hidden="true">
        {shortcut}
      </span>
      <span class="entity-picture plain">{icon}</span>
      <span class="who">
        <span class="label">{label}</span>
        <span class="about">{about}</span>
      </span>
    </button>
  </li>
);
