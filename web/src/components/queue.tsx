import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { shownItems } from "../app/index.js";
import { type Item, isCertain, type Linking, linkOf } from "../review/index.js";
import { useApp, useStore, useWork } from "./context.js";
import { CheckIcon } from "./icons.js";

/** Number of rows to render at first. Rendering thousands of rows would make every action slow. */
const PAGE_SIZE = 200;

/** Shows the list of captions, least certain first or in the order in which they were opened. */
export function Queue({ onGo }: { readonly onGo?: () => void }): JSX.Element {
  const app = useApp();
  const { linkings, cursor } = useWork();
  const preferences = useStore(app.preferences);
  const [limit, setLimit] = useState(PAGE_SIZE);
  const items = shownItems(app);
  const current = items.findIndex(({ id }) => id === cursor?.item);
  const rendered = items.slice(0, Math.max(limit, current + 1));
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
            <span>{order === "unsure" ? "Unsure first" : "As opened"}</span>
          </label>
        ))}
      </fieldset>
      <ol class="queue">
        {rendered.map((item) => (
          <QueueRow
            key={item.id}
            item={item}
            linking={linkings.get(item.id)}
            isCurrent={item.id === cursor?.item}
            onGo={() => {
              app.dispatch({ kind: "go", to: { item: item.id, mark: firstUndecided(item) } });
              onGo?.();
            }}
          />
        ))}
      </ol>
      {rendered.length < items.length && (
        <button type="button" class="quiet" onClick={() => setLimit(rendered.length + PAGE_SIZE)}>
          Show {Math.min(PAGE_SIZE, items.length - rendered.length)} more of {items.length}
        </button>
      )}
    </>
  );
}

const firstUndecided = ({ marks }: Item): number =>
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
          {status.text}
        </span>
      </button>
    </li>
  );
}

interface Status {
  readonly kind: "finished" | "unsure" | "open" | "problem" | "pending";
  readonly text: string;
}

function statusOf(item: Item, linking: Linking | undefined): Status {
  const { marks } = item;
  const undecided = marks.filter(({ gold }) => gold === undefined);
  if (marks.length > 0 && undecided.length === 0) return { kind: "finished", text: "decided" };
  if (linking?.status === "failed") return { kind: "problem", text: "could not be linked" };
  if (linking?.links === undefined && linking?.status !== "done")
    return { kind: "pending", text: "not linked yet" };
  if (marks.length === 0) return { kind: "open", text: "no names" };
  const unsure = undecided.filter((mark) => !isCertain(linkOf(mark, linking))).length;
  if (unsure > 0)
    return {
      kind: "unsure",
      text: unsure === undecided.length ? `${unsure} unsure` : `${unsure} of ${undecided.length} unsure`,
    };
  return { kind: "open", text: `${undecided.length} undecided` };
}
