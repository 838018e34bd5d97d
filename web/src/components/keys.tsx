import type { JSX } from "preact";
import { useLayoutEffect } from "preact/hooks";
import {
  type App,
  accept,
  choose,
  currentPlace,
  type DialogName,
  decide,
  goToUnsure,
  move,
  redo,
  takeOffer,
  toggle,
  toggleFlag,
  undo,
  unmark,
} from "../app/index.js";
import { useApp, useStore } from "./context.js";
import { Dialog } from "./dialog.js";
import { markSelection } from "./selection.js";

/** One or more keys and their action. The help dialog lists all bindings. */
export interface KeyBinding {
  readonly keys: readonly string[];
  readonly does: string;
  readonly run: (app: App, key: string) => void;
}

const open =
  (dialog: DialogName) =>
  (app: App): void =>
    app.dialog.set(dialog);

/** Opens a dialog about the current name. Does nothing if the caption has no names. */
const onName =
  (dialog: DialogName) =>
  (app: App): void => {
    if (currentPlace(app.work.get())?.mark !== undefined) app.dialog.set(dialog);
  };

/** Focuses the field of the filter. On a narrow screen, first opens the list of captions. */
function openFilter(app: App): void {
  const field = (): HTMLElement | undefined =>
    [...document.querySelectorAll<HTMLElement>("[data-filter]")].find((one) => one.checkVisibility());
  if (field() !== undefined) field()?.focus();
  else {
    app.dialog.set("captions");
    requestAnimationFrame(() => field()?.focus());
  }
}

export const BINDINGS: readonly KeyBinding[] = [
  { keys: ["Enter", "a"], does: "accept the suggestion; on a decided name, go on", run: accept },
  {
    keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
    does: "choose the candidate with this number",
    run: (app, key) => choose(app, Number(key)),
  },
  { keys: ["0"], does: "not in the knowledge base (NIL)", run: (app) => decide(app, { kind: "nil" }) },
  {
    keys: ["/"],
    does: "search the whole knowledge base",
    run: onName("search"),
  },
  { keys: ["b"], does: "describe a new entity for the name", run: onName("new-entity") },
  { keys: ["s"], does: "make the same decision for the same name elsewhere, when offered", run: takeOffer },
  { keys: ["t"], does: "accept all suggestions above a probability", run: open("accept-all") },
  { keys: ["i"], does: "show or hide the details of the candidates", run: (app) => toggle(app, "details") },
  { keys: ["y"], does: "show or hide why: scores and ranks", run: (app) => toggle(app, "why") },
  { keys: ["g"], does: "flag the name, or remove its flag", run: (app) => toggleFlag(app) },
  { keys: ["w"], does: "write a comment on the name", run: open("comment") },
  { keys: ["f"], does: "filter the captions", run: openFilter },
  { keys: ["u"], does: "undo (also Ctrl+Z)", run: undo },
  { keys: ["r"], does: "redo (also Ctrl+Shift+Z)", run: redo },
  { keys: ["j"], does: "go to the next name", run: (app) => move(app, 1) },
  { keys: ["k"], does: "go to the previous name", run: (app) => move(app, -1) },
  { keys: ["n"], does: "go to the least certain undecided name", run: goToUnsure },
  { keys: ["c"], does: "clear the decision", run: (app) => decide(app, undefined) },
  {
    keys: ["m"],
    does: "mark the selected text as a name, or open a dialog to select it",
    run: markSelection,
  },
  { keys: ["x"], does: "remove the mark from text that is not a name", run: unmark },
  {
    keys: ["ArrowDown", "ArrowUp"],
    does: "move through the candidates",
    run: (_, key) => focusChoice(key === "ArrowDown" ? 1 : -1),
  },
  { keys: ["+"], does: "add a caption", run: open("compose") },
  { keys: ["e"], does: "export", run: open("export") },
  { keys: ["?"], does: "show this help", run: open("help") },
];

const BY_KEY = new Map(BINDINGS.flatMap((binding) => binding.keys.map((key) => [key, binding] as const)));

/** Focuses the next or previous choice of the current name. */
function focusChoice(by: 1 | -1): void {
  const choices = [...document.querySelectorAll<HTMLElement>("[data-choice]")];
  const index = choices.indexOf(document.activeElement as HTMLElement);
  choices[index === -1 ? (by === 1 ? 0 : choices.length - 1) : index + by]?.focus();
}

/**
 * Handles keyboard shortcuts. Ignores keys that are pressed in a text field or that the focused element handles itself.
 */
export function useKeys(app: App): void {
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || app.dialog.get() !== undefined || isTextField(event.target)) return;
      if (event.ctrlKey || event.metaKey) {
        undoOrRedo(app, event);
        return;
      }
      if (event.altKey || app.work.get().items.length === 0) return;
      const isArrow = event.key.startsWith("Arrow");
      if (!app.preferences.get().singleKeys && !isArrow) return;
      if (event.key === "Enter" && isPressable(event.target)) return;
      const binding = BY_KEY.get(event.key.length === 1 ? event.key.toLowerCase() : event.key);
      if (binding === undefined || (isArrow && !isInMention(event.target))) return;
      event.preventDefault();
      binding.run(app, event.key);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [app]);
}

function undoOrRedo(app: App, event: KeyboardEvent): void {
  const key = event.key.toLowerCase();
  const isUndo = key === "z" && !event.shiftKey;
  const isRedo = (key === "z" && event.shiftKey) || key === "y";
  if (!isUndo && !isRedo) return;
  event.preventDefault();
  if (isUndo) undo(app);
  else redo(app);
}

const isTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;

const isPressable = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("button, a, summary, label") !== null;

/**
 * Returns whether an element is in the mention panel. In the panel, the arrow keys move through the candidates;
 * elsewhere, they scroll the page.
 */
const isInMention = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest(".mention") !== null;

/** Shows a list of all keyboard shortcuts. */
export function HelpDialog(): JSX.Element {
  const { singleKeys } = useStore(useApp().preferences);
  return (
    <Dialog title="Keyboard shortcuts">
      {!singleKeys && (
        <p class="soft">
          Single-key shortcuts are turned off in the settings. Only the arrow keys, Ctrl+Z and Ctrl+Shift+Z
          work.
        </p>
      )}
      <dl class="keys">
        {BINDINGS.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keyLabels(keys).map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

const ARROWS: Readonly<Record<string, string>> = { ArrowDown: "↓", ArrowUp: "↑" };

const keyLabels = (keys: readonly string[]): string[] =>
  keys.length > 3
    ? [`${keys[0]} – ${keys.at(-1)}`]
    : keys.map((key) => ARROWS[key] ?? (key.length === 1 ? key.toUpperCase() : key));
