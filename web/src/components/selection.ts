import { type Span, tidySpan } from "../review/index.js";

/** The element that holds the text of the caption and nothing else. */
export const TEXT_ID = "caption-text";

/** The stretch of the caption that is selected, in UTF-16 code units; undefined when none is. */
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
