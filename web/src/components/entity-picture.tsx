import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { EntityState } from "../app/index.js";
import { useApp } from "./context.js";
import { useServerPicture } from "./use-picture.js";

interface EntityPictureProps {
  readonly id: string;
  readonly label: string;
  readonly state: EntityState;
}

/** The first picture of an entity, or its initial where there is none. Decoration: the label stands beside it. */
export function EntityPicture({ id, label, state }: EntityPictureProps): JSX.Element {
  const app = useApp();
  const [broken, setBroken] = useState<string>();
  const has = state.kind === "found" && (state.entity.images?.length ?? 0) > 0;
  const src = useServerPicture(has ? app.api.entityPicture(id) : undefined);
  return (
    <span class="entity-picture" aria-hidden="true">
      {src !== undefined && src !== broken ? (
        <img src={src} alt="" loading="lazy" decoding="async" onError={() => setBroken(src)} />
      ) : (
        <span class="initial">{initialOf(label)}</span>
      )}
    </span>
  );
}

function initialOf(label: string): string {
  const [first] = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(label.trim());
  return (first?.segment ?? "?").toLocaleUpperCase();
}
