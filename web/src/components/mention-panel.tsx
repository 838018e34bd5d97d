import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { decide, type Place, toggle, unmark } from "../app/index.js";
import {
  aloneOf,
  type Gold,
  type Linking,
  type Mark,
  proposed,
  sameGold,
  type WireMentionLink,
} from "../review/index.js";
import { percent } from "./candidate-row.js";
import { Candidates } from "./candidates.js";
import { useApp, useIsPaused, useStore, useWork } from "./context.js";
import { CheckIcon } from "./icons.js";
import { Comment, RemarkButtons } from "./remarks.js";
import { Why } from "./why.js";

/** Shows the current name: its decision or suggestion, and its candidates. */
export function MentionPanel({ place }: { readonly place: Place & { readonly mark: Mark } }): JSX.Element {
  const { item, index, mark, link } = place;
  const app = useApp();
  const linking = useWork().linkings.get(item.id);
  const { details, why } = useStore(app.shown);
  const heading = useFocusOnChange(`${item.id} ${index} of ${item.marks.length}`);
  return (
    <section class="mention" aria-labelledby="name">
      <header class="mention-head">
        <h2 id="name" ref={heading} tabIndex={-1}>
          <bdi>{mark.text}</bdi>
          {item.marks.length > 1 && (
            <span class="count">
              <span class="sr">, name</span> {index + 1} of {item.marks.length}
            </span>
          )}
        </h2>
        <span class="mention-tools">
          <button
            type="button"
            class="link"
            aria-pressed={details}
            aria-keyshortcuts="I"
            onClick={() => toggle(app, "details")}
          >
            Details
          </button>
          <button
            type="button"
            class="link"
            aria-pressed={why}
            aria-keyshortcuts="Y"
            onClick={() => toggle(app, "why")}
          >
            Why
          </button>
          <RemarkButtons of="name" note={mark.note} />
          <button type="button" class="link" aria-keyshortcuts="X" onClick={() => unmark(app)}>
            Not a name
          </button>
          <TypeOfName key={`${item.id} ${index}`} place={place} />
        </span>
      </header>
      <Verdict mark={mark} link={link} linking={linking} />
      <Comment note={mark.note} />
      {why && link !== undefined && <Why link={link} alone={aloneOf(mark, linking)} />}
      <Candidates place={place} details={details} />
    </section>
  );
}

/** Types to choose from. Any other type of the knowledge base can be entered. */
const TYPES = ["person", "organisation", "place", "work"];
/** Maximum length of a type. The service rejects longer types. */
const MAX_TYPE_LENGTH = 100;

/** Shows the type of the current name as a button. The button opens a field. A change links the caption again. */
function TypeOfName({ place }: { readonly place: Place & { readonly mark: Mark } }): JSX.Element {
  const { item, index, mark } = place;
  const app = useApp();
  const [isOpen, setOpen] = useState(false);
  if (!isOpen) {
    return (
      <button type="button" class="link" onClick={() => setOpen(true)}>
        {mark.type === undefined ? "Type" : <bdi>Type: {mark.type}</bdi>}
      </button>
    );
  }
  const change = (text: string): void => {
    const type = text.trim() === "" ? undefined : text.trim();
    app.dispatch({ kind: "type", at: { item: item.id, mark: index }, type });
  };
  return (
    <span class="mention-type">
      <input
        ref={(input) => input?.focus()}
        list="mention-types"
        aria-label="Type of the name"
        value={mark.type ?? ""}
        placeholder="any type"
        maxLength={MAX_TYPE_LENGTH}
        onChange={({ currentTarget }) => change(currentTarget.value)}
        onBlur={() => setOpen(false)}
        onKeyDown={({ key, currentTarget }) => {
          if (key === "Enter" || key === "Escape") currentTarget.blur();
        }}
      />
      <datalist id="mention-types">
        {TYPES.map((type) => (
          <option key={type} value={type} />
        ))}
      </datalist>
    </span>
  );
}

/**
 * Focuses the heading when `key` changes. Does nothing if the focus is on an element outside both the
 * panel and the action bar.
 */
function useFocusOnChange(key: string): { current: HTMLHeadingElement | null } {
  const ref = useRef<HTMLHeadingElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    const active = document.activeElement;
    const mayMove =
      active === null || active === document.body || active.closest(".mention, .actions") !== null;
    if (!isFirst.current && mayMove) ref.current?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [key]);
  return ref;
}

interface VerdictProps {
  readonly mark: Mark;
  readonly link: WireMentionLink | undefined;
  readonly linking: Linking | undefined;
}

/** Shows the decision. If there is no decision, shows the suggestion; if there is no suggestion yet, shows why. */
function Verdict({ mark, link, linking }: VerdictProps): JSX.Element {
  const app = useApp();
  if (mark.gold !== undefined) {
    return (
      <p class="verdict decided">
        <CheckIcon /> You decided: <GoldName gold={mark.gold} link={link} />
        <button type="button" class="link" aria-keyshortcuts="C" onClick={() => decide(app, undefined)}>
          Clear
        </button>
      </p>
    );
  }
  if (link === undefined) return <Unlinked linking={linking} />;
  const gold = proposed(link);
  return (
    <>
      <p class="verdict">
        Suggested: {gold.kind === "nil" && "not in the knowledge base"}
        {gold.kind === "entity" && (
          <strong>
            <bdi>{gold.label}</bdi>
          </strong>
        )}
        {link.probability !== null && <span class="soft">, {percent(link.probability)} sure</span>}
        <AnswerAlone link={link} alone={aloneOf(mark, linking)} />
        {linking?.status !== "done" && <span class="soft"> · linking again…</span>}
        {linking?.status === "failed" && (
          <button type="button" class="link" onClick={() => app.retry()}>
            Try again
          </button>
        )}
      </p>
      {link.because !== undefined && (
        <p class="why soft">
          <bdi>{link.because}</bdi>
        </p>
      )}
    </>
  );
}

interface AnswerAloneProps {
  readonly link: WireMentionLink;
  readonly alone: WireMentionLink | undefined;
}

/** Shows the suggestion for the name without the caption's other names, if it differs from the suggestion with them. */
function AnswerAlone({ link, alone }: AnswerAloneProps): JSX.Element | null {
  if (alone === undefined || sameGold(proposed(link), proposed(alone))) return null;
  return (
    <span class="soft">
      {" · on its own: "}
      <bdi>{alone.entity === null ? "not in the knowledge base" : alone.entity.label}</bdi>
    </span>
  );
}

function GoldName({
  gold,
  link,
}: {
  readonly gold: Gold;
  readonly link: WireMentionLink | undefined;
}): JSX.Element {
  if (gold.kind === "nil") return <strong>not in the knowledge base</strong>;
  return <EntityName id={gold.id} label={gold.label ?? labelIn(link, gold.id)} />;
}

const labelIn = (link: WireMentionLink | undefined, id: string): string | undefined =>
  link?.candidates.find((candidate) => candidate.id === id)?.label;

function EntityName({ id, label }: { readonly id: string; readonly label: string | undefined }): JSX.Element {
  const state = useStore(useApp().entities.watch(id));
  return (
    <strong>
      <bdi>{label ?? (state.kind === "found" ? state.entity.label : id)}</bdi>
    </strong>
  );
}

function Unlinked({ linking }: { readonly linking: Linking | undefined }): JSX.Element {
  const app = useApp();
  const { cursor } = useWork();
  const isPaused = useIsPaused();
  if (linking?.status === "failed") {
    return (
      <p class="verdict problem">
        This caption could not be linked: {linking.message}.{" "}
        <button
          type="button"
          class="link"
          onClick={() => cursor && app.dispatch({ kind: "link", item: cursor.item })}
        >
          Try again
        </button>
      </p>
    );
  }
  if (isPaused) {
    return (
      <p class="verdict soft">
        Not linked yet. You can search the knowledge base when the server is available again.
      </p>
    );
  }
  return <p class="verdict soft">Linking…</p>;
}
