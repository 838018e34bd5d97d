import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import {
  doubtOf,
  type Item,
  type Linking,
  linkOf,
  type Mark,
  pieces,
  type Span,
  SURE,
} from "../review/index.js";
import { useApp } from "./context.js";
import { markSelection } from "./keys.js";
import { selectedSpan, TEXT_ID } from "./selection.js";

interface CaptionTextProps {
  readonly item: Item;
  readonly linking: Linking | undefined;
  readonly current: number;
}

/** The caption with its names marked; selecting text offers to mark it. */
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
    // biome-ignore lint/a11y/useValidAnchor: text inside of a button cannot be selected
    <a
      href="#name"
      class="mark"
      data-state={state}
      draggable={false}
      aria-current={isCurrent ? "true" : undefined}
      aria-label={`${mark.text}, ${WORDS[state]}`}
      onClick={(event) => {
        event.preventDefault();
        if (getSelection()?.isCollapsed !== false) onGo();
      }}
    >
      {mark.text}
    </a>
  );
}

type MarkState = "decided" | "nil" | "sure" | "unsure" | "unlinked";

const WORDS: Readonly<Record<MarkState, string>> = {
  decided: "decided",
  nil: "decided: not in the knowledge base",
  sure: "open, the linker is sure",
  unsure: "open, the linker is unsure",
  unlinked: "open, not linked yet",
};

export function stateOf(mark: Mark, linking: Linking | undefined): MarkState {
  if (mark.gold !== undefined) return mark.gold.kind === "nil" ? "nil" : "decided";
  const link = linkOf(mark, linking);
  if (link === undefined) return "unlinked";
  return doubtOf(link) < SURE ? "sure" : "unsure";
}

interface Offer extends Span {
  readonly left: number;
  readonly top: number;
}

/** A button below the selection, so that it does not lie under the menu that phones show above it. */
function MarkOffer({ text }: { readonly text: string }): JSX.Element | null {
  const app = useApp();
  const [offer, setOffer] = useState<Offer>();
  const ref = useRef<HTMLButtonElement>(null);

  useLayoutEffect(() => {
    const look = (): void => setOffer(offerNow());
    document.addEventListener("selectionchange", look);
    return () => document.removeEventListener("selectionchange", look);
  }, []);

  if (offer === undefined) return null;
  const words = text.slice(offer.start, offer.end);
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
      Mark “{words.length > 24 ? `${words.slice(0, 24)}…` : words}” <kbd>M</kbd>
    </button>
  );
}

function offerNow(): Offer | undefined {
  const span = selectedSpan();
  const frame = document.getElementById(TEXT_ID)?.parentElement?.getBoundingClientRect();
  if (span === undefined || frame === undefined) return undefined;
  const chosen = getSelection()!.getRangeAt(0).getBoundingClientRect();
  const left = Math.max(0, Math.min(chosen.left - frame.left, frame.width - 200));
  return { ...span, left, top: chosen.bottom - frame.top + 8 };
}
