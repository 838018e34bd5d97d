import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { choose, decide, type Here, unmark } from "../app/index.js";
import {
  aloneOf,
  type BeforeAfter,
  beforeAfter,
  type Gold,
  heardOthers,
  type Linking,
  type Mark,
  proposed,
  sameGold,
  type WireMentionLink,
} from "../review/index.js";
import { CandidateRow } from "./candidate-row.js";
import { useApp, useStore, useWork } from "./context.js";
import { CheckIcon, NoneIcon, SearchIcon } from "./icons.js";
import { percent } from "./percent.js";

/** The name under review, and what it may mean. */
export function MentionPanel({ place }: { readonly place: Here & { readonly mark: Mark } }): JSX.Element {
  const { item, at, mark, link } = place;
  const app = useApp();
  const { linkings } = useWork();
  const [details, setDetails] = useState(false);
  const heading = useFocusOnArrival(`${item.id} ${at}`);
  return (
    <section class="mention" aria-labelledby="name">
      <header class="mention-head">
        <h2 id="name" ref={heading} tabIndex={-1}>
          <bdi>{mark.text}</bdi>
          {item.marks.length > 1 && (
            <span class="count">
              <span class="sr">, name</span> {at + 1} of {item.marks.length}
            </span>
          )}
        </h2>
        <span class="mention-tools">
          <button type="button" class="link" aria-pressed={details} onClick={() => setDetails(!details)}>
            Details
          </button>
          <button type="button" class="link" aria-keyshortcuts="X" onClick={() => unmark(app)}>
            Not a name
          </button>
        </span>
      </header>
      <Verdict mark={mark} link={link} linking={linkings.get(item.id)} />
      <Candidates
        mark={mark}
        link={link}
        alone={aloneOf(mark, linkings.get(item.id))}
        isOnly={item.marks.length === 1}
        details={details}
      />
    </section>
  );
}

/** Puts the focus on the heading when another name comes up and the element that had it is gone. */
function useFocusOnArrival(key: string): { current: HTMLHeadingElement | null } {
  const ref = useRef<HTMLHeadingElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    const active = document.activeElement;
    const free = active === null || active === document.body || active.closest(".mention, .actions") !== null;
    if (!isFirst.current && free) ref.current?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [key]);
  return ref;
}

interface VerdictProps {
  readonly mark: Mark;
  readonly link: WireMentionLink | undefined;
  readonly linking: Linking | undefined;
}

/** One line: what is decided, or what the linker proposes, or why it does not yet. */
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
    <p class="verdict">
      {gold.kind === "nil" ? "Probably not in the knowledge base" : "Probably "}
      {gold.kind === "entity" && (
        <strong>
          <bdi>{gold.label}</bdi>
        </strong>
      )}
      {link.probability !== null && <span class="soft">, {percent(link.probability)} sure</span>}
      <Otherwise link={link} alone={aloneOf(mark, linking)} />
      {linking?.status !== "done" && <span class="soft"> · linking again…</span>}
      {linking?.status === "failed" && (
        <button type="button" class="link" onClick={() => app.retry()}>
          Try again
        </button>
      )}
    </p>
  );
}

interface OtherwiseProps {
  readonly link: WireMentionLink;
  readonly alone: WireMentionLink | undefined;
}

/** What the name would have been linked to by itself, when the other names changed that. */
function Otherwise({ link, alone }: OtherwiseProps): JSX.Element | null {
  if (alone === undefined || sameGold(proposed(link), proposed(alone))) return null;
  return (
    <span class="soft">
      {" · by itself: "}
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
  const server = useStore(app.server);
  if (linking?.status === "failed") {
    return (
      <p class="verdict problem">
        The linker could not use this caption: {linking.message}.{" "}
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
  if (["away", "busy", "refused"].includes(server.kind)) {
    return (
      <p class="verdict soft">Not linked yet. You can search the knowledge base once the server answers.</p>
    );
  }
  return <p class="verdict soft">Linking…</p>;
}

interface CandidatesProps {
  readonly mark: Mark;
  readonly link: WireMentionLink | undefined;
  readonly alone: WireMentionLink | undefined;
  /** No other name is in the caption. */
  readonly isOnly: boolean;
  readonly details: boolean;
}

function Candidates({ mark, link, alone, isOnly, details }: CandidatesProps): JSX.Element {
  const app = useApp();
  const candidates = link?.candidates ?? [];
  const rows = beforeAfter(candidates, alone?.candidates);
  const together = heardOthers(rows);
  const answer = link && proposed(link);
  const { gold } = mark;
  const elsewhere =
    gold?.kind === "entity" && !candidates.some(({ id }) => id === gold.id) ? gold : undefined;
  return (
    <>
      {candidates.length > 0 && <Legend rows={rows} together={together} isOnly={isOnly} />}
      <ol class="candidates">
        {candidates.map(({ id, label, probability }, at) => (
          <CandidateRow
            key={id}
            id={id}
            label={label}
            number={at + 1}
            probability={probability}
            scores={rows[at]}
            together={together}
            isProposed={answer?.kind === "entity" && answer.id === id}
            isChosen={gold?.kind === "entity" && gold.id === id}
            details={details}
            onChoose={() => choose(app, at + 1)}
          />
        ))}
        {elsewhere !== undefined && (
          <CandidateRow
            key={elsewhere.id}
            id={elsewhere.id}
            label={elsewhere.label ?? elsewhere.id}
            number={undefined}
            probability={null}
            scores={undefined}
            together={false}
            isProposed={false}
            isChosen
            details={details}
            onChoose={() => decide(app, elsewhere)}
          />
        )}
        <NilRow isChosen={gold?.kind === "nil"} isProposed={sameGold(answer, { kind: "nil" })} />
        <SearchRow isEmpty={link !== undefined && candidates.length === 0} name={mark.text} />
      </ol>
    </>
  );
}

interface LegendProps {
  readonly rows: readonly BeforeAfter[];
  readonly together: boolean;
  readonly isOnly: boolean;
}

function Legend({ rows, together, isOnly }: LegendProps): JSX.Element {
  const loses = rows.some(({ own, all }) => own - all > 0.01);
  return (
    <p class="legend">
      <span>
        <i class="own" aria-hidden="true" /> {isOnly ? "how well it fits" : "how well it fits by itself"}
      </span>
      {together && (
        <span>
          <i class="gained" aria-hidden="true" /> what the caption’s other names add
        </span>
      )}
      {together && loses && (
        <span>
          <i class="lost" aria-hidden="true" /> what they take away
        </span>
      )}
      {!together && !isOnly && <span>(the caption’s other names change nothing here)</span>}
    </p>
  );
}

interface NilRowProps {
  readonly isChosen: boolean;
  readonly isProposed: boolean;
}

function NilRow({ isChosen, isProposed }: NilRowProps): JSX.Element {
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
            {isProposed && <span class="tag">proposed</span>}
          </span>
          <span class="about">None of these; exported as NIL</span>
        </span>
      </button>
    </li>
  );
}

function SearchRow({ isEmpty, name }: { readonly isEmpty: boolean; readonly name: string }): JSX.Element {
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
            {isEmpty ? (
              <>
                No entity has a name like “<bdi>{name}</bdi>”; try another spelling
              </>
            ) : (
              "Somebody or something else"
            )}
          </span>
        </span>
      </button>
    </li>
  );
}
