import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { firstUndecided, setOrder } from "../app/index.js";
import { DemoNote } from "../catalogue/demo-note.js";
import { type Item, isCertain, type Linking, leastSure, linkOf } from "../review/index.js";
import { percent } from "./candidate-row.js";
import { useApp, useStore, useWork } from "./context.js";
import { FilterFields } from "./filter-fields.js";
import { CheckIcon, FlagIcon } from "./icons.js";
import { ORDERS, useShownItems } from "./shown-items.js";

/** Number of rows to render at first, and to add at a time. Thousands of rows would make every action slow. */
const PAGE_SIZE = 100;

/** Shows the list of captions that pass the filter, least certain first or in the order in which they were opened. */
export function Queue({ onGo }: { readonly onGo?: () => void }): JSX.Element {
  const app = useApp();
  const work = useWork();
  const { linkings, cursor } = work;
  const { items, order } = useShownItems();
  const filter = useStore(app.filter);
  const current = items.findIndex(({ id }) => id === cursor?.item);
  const [start, end, setRange] = useRange(current, `${order} ${JSON.stringify(filter)}`);
  const rendered = items.slice(start, end);
  return (
    <>
      <DemoNote />
      <fieldset class="order-field">
        <legend>Order of the captions</legend>
        <div class="order">
          {(["unsure", "file"] as const).map((one) => (
            <label key={one}>
              <input type="radio" name="order" checked={order === one} onChange={() => setOrder(app, one)} />
              <span>{ORDERS[one]}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <p class="order-says soft">
        The percentage of a caption is how sure its least sure suggestion is.
        {order === "unsure" && " The lowest come first."}
      </p>
      <FilterFields shown={items.length} all={work.items.length} />
      {start > 0 && (
        <button type="button" class="quiet" onClick={() => setRange(Math.max(0, start - PAGE_SIZE), end)}>
          Show {Math.min(PAGE_SIZE, start)} before
        </button>
      )}
      <ol class="queue" start={start + 1}>
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
      {end < items.length && (
        <button type="button" class="quiet" onClick={() => setRange(start, end + PAGE_SIZE)}>
          Show {Math.min(PAGE_SIZE, items.length - end)} more of {items.length}
        </button>
      )}
    </>
  );
}

/** Returns the range of rows to render. It moves to the current row if the row is outside, or if `key` changes. */
function useRange(
  current: number,
  key: string,
): readonly [start: number, end: number, set: (start: number, end: number) => void] {
  const pageOf = (row: number): number => Math.floor(Math.max(0, row) / PAGE_SIZE) * PAGE_SIZE;
  const [range, setRange] = useState({ start: pageOf(current), end: pageOf(current) + PAGE_SIZE, key });
  const isInside = range.key === key && (current === -1 || (current >= range.start && current < range.end));
  const { start, end } = isInside ? range : { start: pageOf(current), end: pageOf(current) + PAGE_SIZE };
  if (!isInside) setRange({ start, end, key });
  return [start, end, (from, to) => setRange({ start: from, end: to, key })];
}

/** Scrolls the list, but never the page, so that a row is visible. */
function reveal(row: HTMLElement): void {
  const list = row.closest(".side, .dialog");
  if (list === null) return;
  const { top, bottom } = row.getBoundingClientRect();
  const view = list.getBoundingClientRect();
  if (top < view.top) list.scrollTop -= view.top - top;
  else if (bottom > view.bottom) list.scrollTop += bottom - view.bottom;
}

interface QueueRowProps {
  readonly item: Item;
  readonly linking: Linking | undefined;
  readonly isCurrent: boolean;
  readonly onGo: () => void;
}

function QueueRow({ item, linking, isCurrent, onGo }: QueueRowProps): JSX.Element {
  const ref = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isCurrent && ref.current !== null) reveal(ref.current);
  }, [isCurrent]);
  const status = statusOf(item, linking);
  const least = leastSure(item, linking);
  return (
    <li ref={ref}>
      <button type="button" class="queue-row" aria-current={isCurrent ? "true" : undefined} onClick={onGo}>
        <span class="queue-text" dir="auto" lang={item.language}>
          {item.text}
        </span>
        <span class={`status ${status.kind}`}>
          {status.kind === "finished" && <CheckIcon />}
          {status.text}
          {isFlagged(item) && (
            <>
              <FlagIcon />
              <span class="sr">flagged</span>
            </>
          )}
          {least !== undefined && (
            <span class="least">
              <span class="sr">, least sure suggestion </span>
              {percent(least)}
            </span>
          )}
        </span>
      </button>
    </li>
  );
}

const isFlagged = ({ note, marks }: Item): boolean =>
  note?.flagged === true || marks.some((mark) => mark.note?.flagged === true);

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
