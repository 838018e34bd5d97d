import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { type Here, move } from "../app/index.js";
import { type Item, type Linking, pieces } from "../review/index.js";
import { CaptionText, stateOf } from "./caption-text.js";
import { useApp, useStore, useWork } from "./context.js";
import { NextIcon, PictureIcon, PreviousIcon } from "./icons.js";
import { useObjectUrl, useServerPicture } from "./use-picture.js";

/** The caption under review: its picture, its text with the names marked, and what can be done with it. */
export function CaptionCard({ place }: { readonly place: Here }): JSX.Element {
  const { item, at } = place;
  const app = useApp();
  const linking = useWork().linkings.get(item.id);
  return (
    <section class="caption" aria-label="Caption">
      <CaptionPicture item={item} />
      <div class="caption-body">
        <CaptionText item={item} linking={linking} current={at} />
        <ApartNames item={item} linking={linking} current={at} />
        <p class="caption-foot">
          <span class="caption-id">{item.id}</span>
          <button type="button" class="link" onClick={() => app.dialog.set("mark")}>
            Mark a name
          </button>
          {item.image !== undefined && (
            <button
              type="button"
              class="link"
              onClick={() => {
                app.dispatch({ kind: "image", item: item.id, image: undefined });
                app.notice.set({ text: "The caption has no picture now.", tone: "done", undo: true });
              }}
            >
              Remove picture
            </button>
          )}
          <button
            type="button"
            class="link"
            onClick={() => {
              app.dispatch({ kind: "remove", item: item.id });
              app.notice.set({ text: "The caption is removed.", tone: "done", undo: true });
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

/** The picture that the reviewer gave, or else the server's; where there is neither, one can be given. */
function CaptionPicture({ item }: { readonly item: Item }): JSX.Element {
  const app = useApp();
  const { image } = item;
  const kept = useStore(app.pictures).get(item.id);
  const given = image === undefined ? undefined : kept;
  const [broken, setBroken] = useState<string>();
  const isOnServer = given === undefined && image !== undefined;
  const onServer = useServerPicture(isOnServer ? app.api.captionPicture(image) : undefined);
  const src = useObjectUrl(given) ?? onServer;
  if (src !== undefined && src !== broken) {
    return (
      <img
        class="caption-picture"
        src={src}
        alt="What this caption describes"
        onError={() => setBroken(src)}
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
      <span>{item.image === undefined ? "Add the picture" : <bdi>{item.image}</bdi>}</span>
      <input
        type="file"
        accept="image/*"
        class="sr"
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file === undefined) return;
          app.keepPicture(item.id, file);
          if (item.image === undefined) app.dispatch({ kind: "image", item: item.id, image: file.name });
        }}
      />
    </label>
  );
}

interface ApartNamesProps {
  readonly item: Item;
  readonly linking: Linking | undefined;
  readonly current: number;
}

/** Names that the text does not show: given apart from it, or lying inside another one. */
function ApartNames({ item, linking, current }: ApartNamesProps): JSX.Element | null {
  const app = useApp();
  const shown = new Set(pieces(item).map(({ mark }) => mark));
  const apart = [...item.marks.keys()].filter((at) => !shown.has(at));
  if (apart.length === 0) return null;
  return (
    <p class="apart">
      <span class="soft">Also named: </span>
      {apart.map((at) => (
        <button
          key={at}
          type="button"
          class="mark"
          data-state={stateOf(item.marks[at]!, linking)}
          aria-current={at === current ? "true" : undefined}
          onClick={() => app.dispatch({ kind: "go", to: { item: item.id, mark: at } })}
        >
          <bdi>{item.marks[at]!.text}</bdi>
        </button>
      ))}
    </p>
  );
}
