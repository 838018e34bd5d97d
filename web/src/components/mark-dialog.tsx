import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { currentPlace } from "../app/index.js";
import { type Span, tidySpan } from "../review/index.js";
import { useApp, useWork } from "./context.js";
import { Dialog } from "./dialog.js";

/** Lets the reviewer select a name in a text field and mark it. Works with a keyboard and on touch screens. */
export function MarkDialog(): JSX.Element {
  const app = useApp();
  const item = currentPlace(useWork())?.item;
  const [span, setSpan] = useState<Span>();
  const field = useRef<HTMLTextAreaElement>(null);
  const text = item?.text ?? "";

  useEffect(() => {
    const update = (): void => {
      const { selectionStart, selectionEnd } = field.current ?? { selectionStart: 0, selectionEnd: 0 };
      setSpan(
        selectionStart === selectionEnd
          ? undefined
          : tidySpan(text, { start: selectionStart, end: selectionEnd }),
      );
    };
    document.addEventListener("selectionchange", update);
    field.current?.focus();
    field.current?.setSelectionRange(0, 0);
    return () => document.removeEventListener("selectionchange", update);
  }, [text]);

  const mark = (): void => {
    if (item === undefined || span === undefined) return;
    app.dialog.set(undefined);
    app.dispatch({ kind: "mark", item: item.id, span });
  };

  return (
    <Dialog title="Mark a name" wide>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          mark();
        }}
      >
        <p id="mark-help" class="soft">
          Select the name with the mouse, by touch, or with Shift and the arrow keys, then press Enter. Marks
          that overlap the selection are replaced.
        </p>
        <textarea
          ref={field}
          class="mark-field"
          aria-label="Caption text"
          aria-describedby="mark-help"
          rows={4}
          dir="auto"
          spellcheck={false}
          value={text}
          onBeforeInput={(event) => event.preventDefault()}
          onInput={({ currentTarget }) => {
            currentTarget.value = text;
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            mark();
          }}
        />
        <p class="dialog-actions">
          <span class="soft" role="status">
            {span === undefined ? "Nothing selected." : `Selected: ${text.slice(span.start, span.end)}`}
          </span>
          <button type="submit" class="primary" disabled={span === undefined}>
            Mark
          </button>
        </p>
      </form>
    </Dialog>
  );
}
