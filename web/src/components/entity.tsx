import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { EntityState } from "../app/index.js";
import { useApp } from "./context.js";
import { useServerPicture } from "./use-picture.js";

/** Shows all facts about an entity from the knowledge base. */
export function EntityFacts({
  id,
  state,
}: {
  readonly id: string;
  readonly state: EntityState;
}): JSX.Element {
  if (state.kind !== "found") return <p class="facts">{id}</p>;
  const { aliases = [], properties = {}, url } = state.entity;
  const facts = Object.entries(properties);
  return (
    <dl class="facts">
      {aliases.length > 0 && <Fact name="also called" values={aliases} />}
      {facts.map(([name, values]) => (
        <Fact key={name} name={toWords(name)} values={values} />
      ))}
      <Fact name="id" values={[id]} />
      {url !== undefined && isWebAddress(url) && (
        <div>
          <dt>source</dt>
          <dd>
            <a href={url} target="_blank" rel="noopener noreferrer">
              {url}
            </a>
          </dd>
        </div>
      )}
    </dl>
  );
}

function Fact({ name, values }: { readonly name: string; readonly values: readonly string[] }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{values.join(", ")}</bdi>
      </dd>
    </div>
  );
}

/** Converts a property name to words: `almaMater` → `alma mater`. */
const toWords = (name: string): string => name.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").toLowerCase();

/** Returns whether a URL is an http(s) URL. A knowledge base may contain any URL, even `javascript:…`. */
const isWebAddress = (url: string): boolean =>
  URL.canParse(url) && ["http:", "https:"].includes(new URL(url).protocol);

interface EntityPictureProps {
  readonly id: string;
  readonly label: string;
  readonly state: EntityState;
}

/**
 * Shows an entity's first picture. If the entity has no picture, shows the first letter of its label. Hidden from
 * screen readers, because the label is next to the picture.
 */
export function EntityPicture({ id, label, state }: EntityPictureProps): JSX.Element {
  const app = useApp();
  const [broken, setBroken] = useState<string>();
  const hasPicture = state.kind === "found" && (state.entity.images?.length ?? 0) > 0;
  const src = useServerPicture(hasPicture ? app.api.entityPicture(id) : undefined);
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
