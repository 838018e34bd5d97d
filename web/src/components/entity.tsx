import type { JSX } from "preact";
import type { EntityState } from "../app/index.js";

/** Everything that the knowledge base knows of an entity. */
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
        <Fact key={name} name={wordsOf(name)} values={values} />
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

/** `almaMater` as words. */
const wordsOf = (name: string): string => name.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").toLowerCase();

/** A knowledge base may hold anything, also `javascript:`. */
const isWebAddress = (url: string): boolean =>
  URL.canParse(url) && ["http:", "https:"].includes(new URL(url).protocol);
