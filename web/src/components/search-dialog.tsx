import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { SearchHit } from "../api/index.js";
import { type App, currentPlace, decide, describeEntity } from "../app/index.js";
import { messageOf } from "../catalogue/importing.js";
import { foldName } from "../review/index.js";
import { useApp, useWork } from "./context.js";
import { Dialog } from "./dialog.js";
import { EntityPicture } from "./entity.js";

/** Milliseconds to wait after the last keystroke before searching. */
const DEBOUNCE = 150;

const LIMIT = 20;

type Found =
  | { readonly kind: "idle" }
  | { readonly kind: "searching"; readonly hits: readonly SearchHit[] }
  | { readonly kind: "found"; readonly hits: readonly SearchHit[]; readonly name: string }
  | { readonly kind: "failed"; readonly message: string };

/**
 * Lets the reviewer search the entire knowledge base by name, description and properties. The arrow keys move through
 * the entities, and Enter chooses an entity.
 */
export function SearchDialog(): JSX.Element {
  const app = useApp();
  const place = currentPlace(useWork());
  const [name, setName] = useState(place?.mark?.text ?? "");
  const [active, setActive] = useState(0);
  const found = useSearch(name);
  const hits = found.kind === "found" || found.kind === "searching" ? found.hits : [];
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  useEffect(() => setActive(0), [found]);
  useEffect(() => document.getElementById(`hit-${active}`)?.scrollIntoView({ block: "nearest" }), [active]);

  const choose = (hit: SearchHit | undefined): void => {
    if (hit === undefined) return;
    app.entities.add(hit.entity);
    app.dialog.set(undefined);
    decide(app, { kind: "entity", id: hit.entity.id, label: hit.entity.label });
  };

  return (
    <Dialog title={`Who or what is “${place?.mark?.text ?? ""}”?`} wide>
      <input
        ref={input}
        class="search-input"
        type="text"
        // biome-ignore lint/a11y/noRedundantRoles: without a list attribute the role is searchbox
        role="combobox"
        list={undefined}
        aria-label="Name or words to search for"
        aria-expanded={hits.length > 0}
        aria-controls="hits"
        aria-autocomplete="list"
        aria-activedescendant={hits.length > 0 ? `hit-${active}` : undefined}
        autocomplete="off"
        spellcheck={false}
        value={name}
        onInput={({ currentTarget }) => setName(currentTarget.value)}
        onKeyDown={(event) => {
          const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (by !== undefined) {
            event.preventDefault();
            setActive(Math.max(0, Math.min(hits.length - 1, active + by)));
          } else if (event.key === "Enter") {
            event.preventDefault();
            if (found.kind === "found") choose(hits[active]); // ignores outdated hits
          }
        }}
      />
      <p class="search-status" role="status">
        {statusText(found)}
      </p>
      <div id="hits" class="hits" role="listbox" aria-label="Entities found">
        {hits.map((hit, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the text field keeps the focus and handles keys
          <div
            key={hit.entity.id}
            id={`hit-${index}`}
            class="hit"
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            onPointerMove={() => setActive(index)}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(hit)}
          >
            <EntityPicture
              id={hit.entity.id}
              label={hit.entity.label}
              state={{ kind: "found", entity: hit.entity }}
            />
            <span class="who">
              <span class="label">
                <bdi>{hit.entity.label}</bdi>
                {hit.name !== undefined && hit.name !== hit.entity.label && (
                  <span class="soft alias">
                    also <bdi>{hit.name}</bdi>
                  </span>
                )}
              </span>
              <span class="about">
                <bdi>{describeEntity(hit.entity, hit.property) || hit.entity.id}</bdi>
              </span>
            </span>
          </div>
        ))}
      </div>
    </Dialog>
  );
}

function useSearch(name: string): Found {
  const app = useApp();
  const [found, setFound] = useState<Found>({ kind: "idle" });
  useEffect(() => {
    const query = name.trim();
    if (query === "") return setFound({ kind: "idle" });
    const control = new AbortController();
    setFound((before) => ({ kind: "searching", hits: "hits" in before ? before.hits : [] }));
    const timer = setTimeout(() => {
      app.api.search(query, LIMIT, control.signal).then(
        (hits) => setFound({ kind: "found", hits: [...addedHits(app, query), ...hits], name: query }),
        (error: unknown) => {
          if (control.signal.aborted) return;
          setFound({ kind: "failed", message: messageOf(error) });
        },
      );
    }, DEBOUNCE);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [name]);
  return found;
}

/** Returns the entities that the reviewer added and whose names contain the text. */
const addedHits = (app: App, text: string): SearchHit[] =>
  app.work
    .get()
    .additions.filter(({ label, aliases = [] }) =>
      [label, ...aliases].some((name) => foldName(name).includes(foldName(text))),
    )
    .map((entity) => ({ entity, name: entity.label }));

function statusText(found: Found): string {
  switch (found.kind) {
    case "idle":
      return "Type a name, or words of a description such as “brewer”.";
    case "searching":
      return "Searching…";
    case "failed":
      return `The search failed: ${found.message}.`;
    case "found":
      if (found.hits.length === 0)
        return `No entity has a name or description like “${found.name}”. Try another spelling.`;
      return found.hits.length === 1 ? "1 entity found." : `${found.hits.length} entities found, best first.`;
  }
}
