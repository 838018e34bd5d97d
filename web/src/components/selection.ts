import { type App, currentPlace } from "../app/index.js";
import { type Span, tidySpan } from "../review/index.js";

/** Id of the element that contains only the caption's text. */
export const TEXT_ID = "caption-text";

/**
 * Returns the selected range of the caption's text, in UTF-16 code units. The range is adjusted by `tidySpan`. Returns
 * undefined if no text of the caption is selected.
 */
export function selectedSpan(): Span | undefined {
  const container = document.getElementById(TEXT_ID);
  const selection = getSelection();
  if (container === null || selection === null || selection.isCollapsed || selection.rangeCount === 0)
    return undefined;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(container)) return undefined;
  const text = container.textContent ?? "";
  return tidySpan(text, {
    start: container.contains(range.startContainer)
      ? offsetIn(container, range.startContainer, range.startOffset)
      : 0,
    end: container.contains(range.endContainer)
      ? offsetIn(container, range.endContainer, range.endOffset)
      : text.length,
  });
}

function offsetIn(container: Node, node: Node, offset: number): number {
  const before = document.createRange();
  before.selectNodeContents(container);
  before.setEnd(node, offset);
  return before.toString().length;
}

/** Marks the selected text as a name. If no text is selected, opens the mark dialog. */
export function markSelection(app: App): void {
  const place = currentPlace(app.work.get());
  if (place === undefined) return;
  const span = selectedSpan();
  if (span === undefined) app.dialog.set("mark");
  else app.dispatch({ kind: "mark", item: place.item.id, span });
  getSelection()?.removeAllRanges();
}
