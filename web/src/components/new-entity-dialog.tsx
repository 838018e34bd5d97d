import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ApiError } from "../api/index.js";
import { addEntity, currentPlace } from "../app/index.js";
import { writableCatalogue } from "../catalogue/catalogues.js";
import { draftOf, type EntityDraft, entityOf, suggestedId } from "../review/index.js";
import { useApp, useStore, useWork } from "./context.js";
import { Dialog } from "./dialog.js";

interface Field {
  readonly key: keyof EntityDraft;
  readonly label: string;
  readonly hint?: string;
  /** Whether the field takes half of the width. */
  readonly isHalf?: true;
}

const FIELDS: readonly Field[] = [
  { key: "label", label: "Name" },
  { key: "description", label: "Description", hint: "such as “Brewer in York”" },
  { key: "aliases", label: "Other names", hint: "separated by semicolons" },
  { key: "birth", label: "Born or founded", hint: "1867 or 1867-11-07", isHalf: true },
  { key: "death", label: "Died or closed", isHalf: true },
  { key: "occupation", label: "Occupation", hint: "separated by semicolons" },
];

/**
 * Describes a new entity for the current name. The entity is chosen for the name and added to the catalogue or, if the
 * page cannot change that, only to the additions.
 */
export function NewEntityDialog(): JSX.Element {
  const app = useApp();
  const { additions } = useWork();
  const place = currentPlace(useWork());
  const { catalogue: chosen } = useStore(app.preferences);
  const catalogue = writableCatalogue(useStore(app.desk.list.state), chosen);
  const [draft, setDraft] = useState(() => draftOf(place?.mark?.text ?? ""));
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const id = draft.id.trim() === "" ? suggestedId(draft.label, additions) : draft.id.trim();

  async function add(): Promise<void> {
    if (draft.label.trim() === "") return setProblem("The entity needs a name.");
    if (additions.some((one) => one.id === id))
      return setProblem(`You added an entity with the id ${id} already.`);
    setBusy(true);
    const known = await knownEntity(id);
    setBusy(false);
    if (known !== undefined)
      return setProblem(`The knowledge base has an entity with the id ${id}: ${known}.`);
    app.dialog.set(undefined);
    addEntity(app, entityOf({ ...draft, id }), catalogue);
  }

  /** Returns the label of the server's entity with this id, or undefined if there is none or the server is away. */
  async function knownEntity(wanted: string): Promise<string | undefined> {
    try {
      return (await app.api.entity(wanted)).label;
    } catch (error) {
      if (error instanceof ApiError) return undefined;
      throw error;
    }
  }

  return (
    <Dialog title={`New entity for “${place?.mark?.text ?? ""}”`}>
      <form
        class="entity-form"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        {FIELDS.map(({ key, label, hint, isHalf }) => (
          <label key={key} class={isHalf ? "field half" : "field"}>
            <span>
              {label} {hint !== undefined && <span class="soft">{hint}</span>}
            </span>
            <input
              autofocus={key === "label"}
              autocomplete="off"
              dir="auto"
              maxLength={1_000}
              value={draft[key]}
              onInput={({ currentTarget }) => setDraft({ ...draft, [key]: currentTarget.value })}
            />
          </label>
        ))}
        <label class="field">
          <span>
            Id <span class="soft">must differ from all others in the knowledge base</span>
          </span>
          <input
            autocomplete="off"
            maxLength={500}
            placeholder={id}
            value={draft.id}
            onInput={({ currentTarget }) => setDraft({ ...draft, id: currentTarget.value })}
          />
        </label>
        {problem !== undefined && (
          <p class="verdict problem" role="alert">
            {problem}
          </p>
        )}
        {catalogue === undefined ? (
          <p class="soft">
            The page does not change this catalogue. The export saves new entities as{" "}
            <code>additions.jsonl</code>. Where the catalogue can be changed, <em>Update…</em> in the list of
            catalogues adds them, or <code>mmel kb import additions.jsonl --update --kb KB</code>.
          </p>
        ) : (
          <p class="soft">
            The entity is added to the catalogue “<bdi>{catalogue.title}</bdi>” at once, so that search and
            linking find it. Undo takes back your decision, but leaves the entity in the catalogue.
          </p>
        )}
        <p class="dialog-actions">
          <button type="submit" class="primary" disabled={isBusy}>
            Add and choose
          </button>
        </p>
      </form>
    </Dialog>
  );
}
