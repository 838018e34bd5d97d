import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Item, isCertain, type Linking, linkOf, type Mark, pieces, type Span } from "../review/index.js";
import { useApp } from "./context.js";
import { markSelection, selectedSpan, TEXT_ID } from "./selection.js";

interface CaptionTextProps {
  readonly item: Item;
  readonly linking: Linking | undefined;
  readonly current: number;
}

/**
 * Shows the caption's text with its names marked. While text is selected, shows a button that marks the selected text
 * as a name.
 */
export function CaptionText({ item, linking, current }: CaptionTextProps): JSX.Element {
  const app = useApp();
  const go = (mark: number): void => app.dispatch({ kind: "go", to: { item: item.id, mark } });
  return (
    <div class="caption-frame">
      <p id={TEXT_ID} class="caption-text" dir="auto" lang={item.language}>
        {pieces(item).map(({ start, end, mark }) =>
          mark === undefined ? (
            <span key={start}>{item.text.slice(start, end)}</span>
          ) : (
            <MarkLink
              key={start}
              mark={item.marks[mark]!}
              linking={linking}
              isCurrent={mark === current}
              onGo={() => go(mark)}
            />
          ),
        )}
      </p>
      <MarkOffer text={item.text} />
    </div>
  );
}

interface MarkLinkProps {
  readonly mark: Mark;
  readonly linking: Linking | undefined;
  readonly isCurrent: boolean;
  readonly onGo: () => void;
}

function MarkLink({ mark, linking, isCurrent, onGo }: MarkLinkProps): JSX.Element {
  const state = stateOf(mark, linking);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a selection cannot begin inside a link or a button
    <span
      role="link"
      tabIndex={0}
      class="mark"
      data-state={state}
      aria-current={isCurrent ? "true" : undefined}
      aria-label={`${mark.text}, ${STATE_TEXT[state]}`}
      onClick={() => {
        if (getSelection()?.isCollapsed !== false) onGo();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        onGo();
      }}
    >
      {mark.text}
    </span>
  );
}

type MarkState = "decided" | "nil" | "sure" | "unsure" | "unlinked";

const STATE_TEXT: Readonly<Record<MarkState, string>> = {
  decided: "decided",
  nil: "decided: not in the knowledge base",
  sure: "undecided, the link is certain",
  unsure: "undecided, the link is uncertain",
  unlinked: "undecided, not linked yet",
};

export function stateOf(mark: Mark, linking: Linking | undefined): MarkState {
  if (mark.gold !== undefined) return mark.gold.kind === "nil" ? "nil" : "decided";
  const link = linkOf(mark, linking);
  if (link === undefined) return "unlinked";
  return isCertain(link) ? "sure" : "unsure";
}

interface Offer extends Span {
  readonly left: number;
  readonly top: number;
}

/**
 * Shows a button that marks the selected text as a name. The button is below the selection, because phones show a menu
 * above the selection.
 */
function MarkOffer({ text }: { readonly text: string }): JSX.Element | null {
  const app = useApp();
  const [offer, setOffer] = useState<Offer>();
  const ref = useRef<HTMLButtonElement>(null);

  useLayoutEffect(() => {
    const update = (): void => setOffer(currentOffer());
    document.addEventListener("selectionchange", update);
    return () => document.removeEventListener("selectionchange", update);
  }, []);

  if (offer === undefined) return null;
  const selected = text.slice(offer.start, offer.end);
  return (
    <button
      ref={ref}
      type="button"
      class="primary mark-offer"
      style={{ left: `${offer.left}px`, top: `${offer.top}px` }}
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => {
        markSelection(app);
        setOffer(undefined);
      }}
    >
      Mark “{selected.length > 24 ? `${selected.slice(0, 24)}…` : selected}” <kbd>M</kbd>
    </button>
  );
}

function currentOffer(): Offer | undefined {
  const span = selectedSpan();
  const frame = document.getElementById(TEXT_ID)?.parentElement?.getBoundingClientRect();
  if (span === undefined || frame === undefined) return undefined;
  const range = getSelection()!.getRangeAt(0).getBoundingClientRect();
  const left = Math.max(0, Math.min(range.left - frame.left, frame.width - 200));
  return { ...span, left, top: range.bottom - frame.top + 8 };
}
