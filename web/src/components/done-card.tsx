import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { NO_FILTER, progressOf, waitingCount } from "../review/index.js";
import { useApp, useStore, useWork } from "./context.js";
import { chosenExport, fileNameOf, saveExport } from "./exports.js";
import { CheckIcon, ExportIcon } from "./icons.js";

/**
 * Says that all names are decided, and offers the export. Takes the focus when it appears, so that Enter saves the
 * file.
 */
export function DoneCard(): JSX.Element | null {
  const work = useWork();
  const { items, additions } = work;
  const { names, decided } = progressOf(items);
  return names > 0 && decided === names && waitingCount(work) === 0 ? (
    <Done captions={items.length} names={names} flagged={flaggedIn(items)} additions={additions.length} />
  ) : null;
}

const flaggedIn = (items: ReturnType<typeof useWork>["items"]): number =>
  items.reduce(
    (sum, { note, marks }) =>
      sum + Number(note?.flagged === true) + marks.filter((mark) => mark.note?.flagged === true).length,
    0,
  );

interface DoneProps {
  readonly captions: number;
  readonly names: number;
  readonly flagged: number;
  readonly additions: number;
}

function Done({ captions, names, flagged, additions }: DoneProps): JSX.Element {
  const app = useApp();
  useStore(app.preferences);
  const dialog = useStore(app.dialog);
  const button = useRef<HTMLButtonElement>(null);
  const hadFocus = useRef(false);
  useEffect(() => {
    if (dialog !== undefined || hadFocus.current) return;
    hadFocus.current = true;
    button.current?.focus();
  }, [dialog]);
  const chosen = chosenExport(app);
  return (
    <section class="done-card" aria-label="Done">
      <p>
        <CheckIcon />{" "}
        <strong>
          Done: {names === 1 ? "the name" : `all ${names} names`} in{" "}
          {captions === 1 ? "1 caption" : `${captions} captions`} {names === 1 ? "is" : "are"} decided.
        </strong>
        {additions > 0 && ` ${additions === 1 ? "1 new entity" : `${additions} new entities`}.`}
      </p>
      <p class="done-actions">
        <button
          ref={button}
          type="button"
          class="primary"
          onKeyDown={(event) => {
            if (event.key === "Enter" && event.repeat) event.preventDefault(); // still held from the last decision
          }}
          onClick={() => void saveExport(app, chosen, app.work.get().items)}
        >
          <ExportIcon /> Export {fileNameOf(chosen, app)}
        </button>
        <button type="button" class="secondary" onClick={() => app.dialog.set("export")}>
          Other formats…
        </button>
        {flagged > 0 && (
          <button
            type="button"
            class="secondary"
            onClick={() => app.filter.set({ ...NO_FILTER, state: "flagged" })}
          >
            Show {flagged} flagged
          </button>
        )}
      </p>
    </section>
  );
}
