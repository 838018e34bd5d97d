import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { shownItems } from "../app/index.js";
import { doubtOf, type Item, type Linking, linkOf, SURE } from "../review/index.js";
import { useApp, useStore, useWork } from "./context.js";
import { CheckIcon } from "./icons.js";

/** Captions drawn at first; thousands of rows would make each step slow. */
const PAGE = 200;

/** All captions, those in most doubt first or as they came. */
export function Queue({ onGo }: { readonly onGo?: () => void }): JSX.Element {
  const app = useApp();
  const { linkings, cursor } = useWork();
  const preferences = useStore(app.preferences);
  const [limit, setLimit] = useState(PAGE);
  const items = shownItems(app);
  const at = items.findIndex(({ id }) => id === cursor?.item);
  const drawn = items.slice(0, Math.max(limit, at + 1));
  return (
    <>
      <fieldset class="order">
        <legend class="sr">Order of the captions</legend>
        {(["unsure", "file"] as const).map((order) => (
          <label key={order}>
            <input
              type="radio"
              name="order"
              checked={preferences.order === order}
              onChange={() => app.preferences.set({ ...preferences, order })}
            />
            <span>{order === "unsure" ? "Unsure first" : "As they came"}</span>
          </label>
        ))}
      </fieldset>
      <ol class="queue">
        {drawn.map((item) => (
          <QueueRow
            key={item.id}
            item={item}
            linking={linkings.get(item.id)}
            isCurrent={item.id === cursor?.item}
            onGo={() => {
              app.dispatch({ kind: "go", to: { item: item.id, mark: firstOpen(item) } });
              onGo?.();
            }}
          />
        ))}
      </ol>
      {drawn.length < items.length && (
        <button type="button" class="quiet" onClick={() => setLimit(drawn.length + PAGE)}>
          Show {Math.min(PAGE, items.length - drawn.length)} more of {items.length}
        </button>
      )}
    </>
  );
}

const firstOpen = ({ marks }: Item): number =>
  Math.max(
    0,
    marks.findIndex(({ gold }) => gold === undefined),
  );

interface QueueRowProps {
  readonly item: Item;
  readonly linking: Linking | undefined;
  readonly isCurrent: boolean;
  readonly onGo: () => void;
}

function QueueRow({ item, linking, isCurrent, onGo }: QueueRowProps): JSX.Element {
  const ref = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isCurrent) ref.current?.scrollIntoView({ block: "nearest" });
  }, [isCurrent]);
  const status = statusOf(item, linking);
  return (
    <li ref={ref}>
      <button type="button" class="queue-row" aria-current={isCurrent ? "true" : undefined} onClick={onGo}>
        <span class="queue-text" dir="auto" lang={item.language}>
          {item.text}
        </span>
        <span class={`status ${status.kind}`}>
          {status.kind === "finished" && <CheckIcon />}
          {status.words}
        </span>
      </button>
    </li>
  );
}

interface Status {
  readonly kind: "finished" | "unsure" | "open" | "problem" | "pending";
  readonly words: string;
}

function statusOf(item: Item, linking: Linking | undefined): Status {
  const { marks } = item;
  const left = marks.filter(({ gold }) => gold === undefined);
  if (marks.length > 0 && left.length === 0) return { kind: "finished", words: "decided" };
  if (linking?.status === "failed") return { kind: "problem", words: "could not be linked" };
  if (linking?.links === undefined && linking?.status !== "done")
    return { kind: "pending", words: "not linked yet" };
  if (marks.length === 0) return { kind: "open", words: "no names" };
  const unsure = left.filter((mark) => doubtOf(linkOf(mark, linking)) >= SURE).length;
  if (unsure > 0)
    return {
      kind: "unsure",
      words: unsure === left.length ? `${unsure} unsure` : `${unsure} of ${left.length} unsure`,
    };
  return { kind: "open", words: left.length === 1 ? "1 open" : `${left.length} open` };
}
