import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { acceptThese, describeEntity } from "../app/index.js";
import { atLeast, excerptOf, isFiltering, type Undecided, undecidedNames } from "../review/index.js";
import { percent } from "./candidate-row.js";
import { useApp, useStore, useWork } from "./context.js";
import { Dialog } from "./dialog.js";
import { CheckIcon } from "./icons.js";

/** Number of rows to show at first, and to add at a time. */
const PAGE_SIZE = 100;

/**
 * Lets the reviewer accept all suggestions from a probability on, in one step that can be undone. Lists them before,
 * the least sure first. The reviewer can leave out each of them.
 */
export function AcceptAllDialog(): JSX.Element {
  const app = useApp();
  const work = useWork();
  const filter = useStore(app.filter);
  const [threshold, setThreshold] = useState(95);
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set());
  const undecided = useMemo(() => [...undecidedNames(work, filter)], [work, filter]);
  const names = useMemo(() => atLeast(undecided, threshold / 100), [undecided, threshold]);
  const accepted = names.filter((name) => !leftOut.has(keyOf(name)));
  const isCalibrated = undecided.some(({ link }) => link.probability !== null);
  const nil = accepted.filter(({ link }) => link.entity === null).length;
  const missing = names.length - accepted.length;
  return (
    <Dialog title="Accept confident suggestions" wide>
      <form
        class="accept-all"
        onSubmit={(event) => {
          event.preventDefault();
          app.dialog.set(undefined);
          if (accepted.length > 0) acceptThese(app, accepted);
        }}
      >
        <label class="field threshold">
          <span>Accept suggestions with a probability of at least</span>
          <span class="field-row">
            <input
              autofocus
              type="number"
              inputmode="numeric"
              min={50}
              max={100}
              step={1}
              required
              value={threshold}
              onInput={({ currentTarget }) => setThreshold(currentTarget.valueAsNumber || 100)}
            />
            <span>%</span>
          </span>
        </label>
        <p role="status">
          {undecided.length > 0 && !isCalibrated ? (
            "The model of these links is not calibrated, so no suggestion has a probability."
          ) : (
            <>
              <strong>{accepted.length}</strong> of {undecided.length} undecided{" "}
              {undecided.length === 1 ? "name" : "names"}
              {isFiltering(filter) && " that the filter lists"}
              {nil > 0 && `, ${nil} of them as not in the knowledge base`}
              {missing > 0 && `; ${missing} left out`}.{names.length > 1 && " The least sure come first."}
            </>
          )}
        </p>
        {names.length > 0 && (
          <Proposals
            names={names}
            leftOut={leftOut}
            onChange={(key, isIn) => {
              const next = new Set(leftOut);
              if (isIn) next.delete(key);
              else next.add(key);
              setLeftOut(next);
            }}
          />
        )}
        <p class="dialog-actions">
          <span class="soft">One undo takes all of them back.</span>
          <button type="submit" class="primary" disabled={accepted.length === 0}>
            <CheckIcon /> Accept {accepted.length}
          </button>
        </p>
      </form>
    </Dialog>
  );
}

/** Identifies a name while the dialog is open. */
const keyOf = ({ at, text }: Undecided): string => JSON.stringify([at.item, at.mark, text]);

interface ProposalsProps {
  readonly names: readonly Undecided[];
  readonly leftOut: ReadonlySet<string>;
  readonly onChange: (key: string, isIn: boolean) => void;
}

/** Lists the suggestions that would be accepted, each with a box that leaves it out. */
function Proposals({ names, leftOut, onChange }: ProposalsProps): JSX.Element {
  const [end, setEnd] = useState(PAGE_SIZE);
  return (
    <div class="proposals">
      <ul aria-label="Suggestions to accept">
        {names.slice(0, end).map((name) => {
          const key = keyOf(name);
          return (
            <li key={key}>
              <Proposal name={name} isIn={!leftOut.has(key)} onChange={(isIn) => onChange(key, isIn)} />
            </li>
          );
        })}
      </ul>
      {end < names.length && (
        <button type="button" class="quiet" onClick={() => setEnd(end + PAGE_SIZE)}>
          Show {Math.min(PAGE_SIZE, names.length - end)} more of {names.length}
        </button>
      )}
    </div>
  );
}

interface ProposalProps {
  readonly name: Undecided;
  readonly isIn: boolean;
  readonly onChange: (isIn: boolean) => void;
}

function Proposal({ name: { item, at, link }, isIn, onChange }: ProposalProps): JSX.Element {
  const { before, name, after } = excerptOf(item, item.marks[at.mark]!);
  return (
    <label class="proposal">
      <input
        type="checkbox"
        checked={isIn}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <span class="proposal-caption" dir="auto" lang={item.language}>
        {before}
        <strong>{name}</strong>
        {after}
      </span>
      <span class="probability">{percent(link.probability!)}</span>
      <span class="proposal-entity">
        {link.entity === null ? "Not in the knowledge base" : <Proposed {...link.entity} />}
      </span>
    </label>
  );
}

/** Shows the label of an entity, and in one line what tells it from its namesakes. */
function Proposed({ id, label }: { readonly id: string; readonly label: string }): JSX.Element {
  const state = useStore(useApp().entities.watch(id));
  const about =
    state.kind === "found" ? describeEntity(state.entity) || id : state.kind === "loading" ? "…" : id;
  return (
    <>
      <bdi class="proposal-label">{label}</bdi>{" "}
      <span class="about">
        <bdi>{about}</bdi>
      </span>
    </>
  );
}
