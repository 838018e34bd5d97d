import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { addPicture, move, type Place } from "../app/index.js";
import { type Item, type Linking, pieces } from "../review/index.js";
import { CaptionText, stateOf } from "./caption-text.js";
import { useApp, useStore, useWork } from "./context.js";
import { NextIcon, PictureIcon, PreviousIcon } from "./icons.js";
import { Comment, RemarkButtons } from "./remarks.js";
import { ORDERS, useShownItems } from "./shown-items.js";
import { useObjectUrl, useServerPicture } from "./use-picture.js";

/** Shows the caption under review: the picture, the text with marked names, and action buttons. */
export function CaptionCard({ place }: { readonly place: Place }): JSX.Element {
  const { item, index } = place;
  const app = useApp();
  const linking = useWork().linkings.get(item.id);
  const isAdded = useStore(app.pictures).has(item.id);
  const [missing, setMissing] = useState<string>();
  const hasPicture = item.image !== undefined && (isAdded || item.image !== missing);
  return (
    <section class="caption" aria-label="Caption">
      <CaptionPicture item={item} onMissing={() => setMissing(item.image)} />
      <div class="caption-body">
        <CaptionText item={item} linking={linking} current={index} />
        <OtherNames item={item} linking={linking} current={index} />
        <Comment note={item.note} />
        <p class="caption-foot">
          <span class="caption-id">{item.id}</span>
          <Position id={item.id} />
          <button type="button" class="link" onClick={() => app.dialog.set("mark")}>
            Mark a name
          </button>
          {hasPicture && (
            <button
              type="button"
              class="link"
              onClick={() => {
                app.dispatch({ kind: "image", item: item.id, image: undefined });
                app.notice.set({ text: "Picture removed.", tone: "done", undo: true });
              }}
            >
              Remove picture
            </button>
          )}
          <RemarkButtons of="caption" note={item.note} />
          <button
            type="button"
            class="link"
            onClick={() => {
              app.dispatch({ kind: "remove", item: item.id });
              app.notice.set({ text: "Caption removed.", tone: "done", undo: true });
            }}
          >
            Remove caption
          </button>
        </p>
      </div>
      <nav class="step" aria-label="Names">
        <button
          type="button"
          class="quiet round"
          aria-label="Previous name"
          aria-keyshortcuts="K"
          onClick={() => move(app, -1)}
        >
          <PreviousIcon />
        </button>
        <button
          type="button"
          class="quiet round"
          aria-label="Next name"
          aria-keyshortcuts="J"
          onClick={() => move(app, 1)}
        >
          <NextIcon />
        </button>
      </nav>
    </section>
  );
}

/** Shows the caption's place in the list and the list's order. On a narrow screen, opens the list. */
function Position({ id }: { readonly id: string }): JSX.Element | null {
  const app = useApp();
  const { items, order } = useShownItems();
  const at = items.findIndex((item) => item.id === id);
  if (at === -1) return null;
  const text = `${at + 1} of ${items.length} · ${ORDERS[order].toLowerCase()}`;
  return (
    <>
      <span class="only-wide">{text}</span>
      <button type="button" class="link only-narrow" onClick={() => app.dialog.set("captions")}>
        {text}
      </button>
    </>
  );
}

/**
 * Shows the picture that the reviewer added or, if there is none, the server's picture. If the caption has no picture
 * at all, shows a field for adding one.
 */
function CaptionPicture({
  item,
  onMissing,
}: {
  readonly item: Item;
  readonly onMissing: () => void;
}): JSX.Element {
  const app = useApp();
  const { image } = item;
  const stored = useStore(app.pictures).get(item.id);
  const added = image === undefined ? undefined : stored;
  const [broken, setBroken] = useState<string>();
  const isOnServer = added === undefined && image !== undefined;
  const serverPicture = useServerPicture(isOnServer ? app.api.captionPicture(image) : undefined);
  const src = useObjectUrl(added) ?? serverPicture;
  if (src !== undefined && src !== broken) {
    return (
      <img
        class="caption-picture"
        src={src}
        alt="What this caption describes"
        onError={() => {
          setBroken(src);
          onMissing();
        }}
      />
    );
  }
  return <PictureSlot item={item} />;
}

function PictureSlot({ item }: { readonly item: Item }): JSX.Element {
  const app = useApp();
  return (
    <label class="picture-slot">
      <PictureIcon />
      <span>{item.image === undefined ? "Add a picture" : <bdi>{item.image}</bdi>}</span>
      <input
        type="file"
        accept="image/*"
        class="sr"
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file === undefined) return;
          if (item.image === undefined) addPicture(app, item, file);
          else app.keepPicture(item.id, file);
        }}
      />
    </label>
  );
}

interface OtherNamesProps {
  readonly item: Item;
  readonly linking: Linking | undefined;
  readonly current: number;
}

/** Shows the names that cannot be marked in the text because they have no offsets or overlap another name. */
function OtherNames({ item, linking, current }: OtherNamesProps): JSX.Element | null {
  const app = useApp();
  const shown = new Set(pieces(item).map(({ mark }) => mark));
  const others = [...item.marks.keys()].filter((mark) => !shown.has(mark));
  if (others.length === 0) return null;
  return (
    <p class="other-names">
      <span class="soft">Other names: </span>
      {others.map((mark) => (
        <button
          key={mark}
          type="button"
          class="mark"
          data-state={stateOf(item.marks[mark]!, linking)}
          aria-current={mark === current ? "true" : undefined}
          onClick={() => app.dispatch({ kind: "go", to: { item: item.id, mark } })}
        >
          <bdi>{item.marks[mark]!.text}</bdi>
        </button>
      ))}
    </p>
  );
}
