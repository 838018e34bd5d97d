import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { EntityState } from "../app/index.js";
import { useApp, useStore } from "./context.js";

interface EntityPictureProps {
  readonly id: string;
  readonly label: string;
  readonly state: EntityState;
}

/** The first picture of an entity, or its initial where there is none. Decoration: the label stands beside it. */
export function EntityPicture({ id, label, state }: EntityPictureProps): JSX.Element {
  const app = useApp();
  const token = useStore(app.token);
  const [broken, setBroken] = useState(false);
  const has = state.kind === "found" && (state.entity.images?.length ?? 0) > 0 && !broken;
  const fetched = useFetched(id, has && token !== undefined);
  const src = token === undefined ? app.api.pictureAddress(id) : fetched;
  return (
    <span class="entity-picture" aria-hidden="true">
      {has && src !== undefined ? (
        <img src={src} alt="" loading="lazy" decoding="async" onError={() => setBroken(true)} />
      ) : (
        <span class="initial">{initialOf(label)}</span>
      )}
    </span>
  );
}

/** An `<img>` sends no token, so that a picture behind one is fetched. */
function useFetched(id: string, wanted: boolean): string | undefined {
  const app = useApp();
  const [src, setSrc] = useState<string>();
  useEffect(() => {
    if (!wanted) return;
    const control = new AbortController();
    let address: string | undefined;
    app.api.picture(id, control.signal).then(
      (picture) => {
        address = URL.createObjectURL(picture);
        setSrc(address);
      },
      () => setSrc(undefined), // the initial stands in for it
    );
    return () => {
      control.abort();
      if (address !== undefined) URL.revokeObjectURL(address);
    };
  }, [id, wanted]);
  return src;
}

function initialOf(label: string): string {
  const [first] = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(label.trim());
  return (first?.segment ?? "?").toLocaleUpperCase();
}
