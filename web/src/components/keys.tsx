import { useLayoutEffect } from "preact/hooks";
import {
  type App,
  accept,
  choose,
  type DialogName,
  decide,
  goToUnsure,
  here,
  move,
  redo,
  undo,
  unmark,
} from "../app/index.js";
import { selectedSpan } from "./selection.js";

/** One key and what it does; the help lists exactly these. */
export interface KeyBinding {
  readonly keys: readonly string[];
  readonly does: string;
  readonly run: (app: App, key: string) => void;
}

const open =
  (dialog: DialogName) =>
  (app: App): void =>
    app.dialog.set(dialog);

export const BINDINGS: readonly KeyBinding[] = [
  { keys: ["Enter", "a"], does: "accept the linker's answer", run: accept },
  {
    keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
    does: "choose the candidate with this number",
    run: (app, key) => choose(app, Number(key)),
  },
  { keys: ["0"], does: "not in the knowledge base (NIL)", run: (app) => decide(app, { kind: "nil" }) },
  {
    keys: ["/"],
    does: "search the whole knowledge base",
    run: (app) => here(app.work.get())?.mark && app.dialog.set("search"),
  },
  { keys: ["u"], does: "undo (also Ctrl Z)", run: undo },
  { keys: ["r"], does: "redo (also Ctrl Shift Z)", run: redo },
  { keys: ["j"], does: "next name", run: (app) => move(app, 1) },
  { keys: ["k"], does: "previous name", run: (app) => move(app, -1) },
  { keys: ["n"], does: "the open name in most doubt", run: goToUnsure },
  { keys: ["c"], does: "clear the decision", run: (app) => decide(app, undefined) },
  { keys: ["m"], does: "mark what is selected as a name, or choose what to mark", run: markSelection },
  { keys: ["x"], does: "take the mark off this name", run: unmark },
  {
    keys: ["ArrowDown", "ArrowUp"],
    does: "walk through the candidates",
    run: (_, key) => walk(key === "ArrowDown" ? 1 : -1),
  },
  { keys: ["+"], does: "new caption", run: open("compose") },
  { keys: ["e"], does: "export", run: open("export") },
  { keys: ["?"], does: "this help", run: open("help") },
];

const BY_KEY = new Map(BINDINGS.flatMap((binding) => binding.keys.map((key) => [key, binding] as const)));

export function markSelection(app: App): void {
  const place = here(app.work.get());
  if (place === undefined) return;
  const span = selectedSpan();
  if (span === undefined) app.dialog.set("mark");
  else app.dispatch({ kind: "mark", item: place.item.id, span });
  getSelection()?.removeAllRanges();
}

function walk(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-choice]")];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  rows[at === -1 ? (by === 1 ? 0 : rows.length - 1) : at + by]?.focus();
}

/** Listens to the keys of the page, except where one is typed or means something to the element in focus. */
export function useKeys(app: App): void {
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || app.dialog.get() !== undefined || isTyped(event.target)) return;
      if (event.ctrlKey || event.metaKey) withControl(app, event);
      if (event.ctrlKey || event.metaKey) return;
      if (event.altKey || app.work.get().items.length === 0) return;
      const isNeeded = event.key.startsWith("Arrow");
      if (!app.preferences.get().singleKeys && !isNeeded) return;
      if (event.key === "Enter" && isPressable(event.target)) return;
      const binding = BY_KEY.get(event.key.length === 1 ? event.key.toLowerCase() : event.key);
      if (binding === undefined || (isNeeded && !isAmongChoices(event.target))) return;
      event.preventDefault();
      binding.run(app, event.key);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [app]);
}

function withControl(app: App, event: KeyboardEvent): void {
  const key = event.key.toLowerCase();
  const back = key === "z" && !event.shiftKey;
  const again = (key === "z" && event.shiftKey) || key === "y";
  if (!back && !again) return;
  event.preventDefault();
  if (back) undo(app);
  else redo(app);
}

const isTyped = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;

const isPressable = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("button, a, summary, label") !== null;

/** Arrow keys scroll the page unless the focus is on the candidates or the name above them. */
const isAmongChoices = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest(".mention") !== null;
