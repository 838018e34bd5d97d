import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { here } from "../app/index.js";
import { type Span, tidySpan } from "../review/index.js";
import { useApp, useWork } from "./context.js";
import { Dialog } from "./dialog.js";

/** Marks a name with the keyboard or with a finger: the text in a field whose selection every device can move. */
export function MarkDialog(): JSX.Element {
  const app = useApp();
  const item = here(useWork())?.item;
  const [span, setSpan] = useState<Span>();
  const field = useRef<HTMLTextAreaElement>(null);
  const text = item?.text ?? "";

  useEffect(() => {
    const look = (): void => {
      const { selectionStart, selectionEnd } = field.current ?? { selectionStart: 0, selectionEnd: 0 };
      setSpan(
        selectionStart === selectionEnd
          ? undefined
          : tidySpan(text, { start: selectionStart, end: selectionEnd }),
      );
    };
    document.addEventListener("selectionchange", look);
    field.current?.focus();
    field.current?.setSelectionRange(0, 0);
    return () => document.removeEventListener("selectionchange", look);
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
        <p id="mark-how" class="soft">
          Select the name with the mouse, a finger, or Shift and the arrow keys, then press Enter. A mark that
          it touches gives way.
        </p>
        <textarea
          ref={field}
          class="mark-field"
          aria-label="Text of the caption"
          aria-describedby="mark-how"
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
            {span === undefined ? "Nothing is selected." : `Selected: ${text.slice(span.start, span.end)}`}
          </span>
          <button type="submit" class="primary" disabled={span === undefined}>
            Mark it
          </button>
        </p>
      </form>
    </Dialog>
  );
}
