import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useApp, useStore, useWork } from "../components/context.js";
import { Dialog } from "../components/dialog.js";
import { CheckIcon, PlusIcon } from "../components/icons.js";
import { progressOf } from "../review/index.js";
import { currentCatalogue } from "./catalogues.js";
import type { Catalogue } from "./client.js";
import { addCatalogue } from "./commands.js";
import { focusOnMount } from "./focus.js";
import { messageOf } from "./importing.js";
import { count } from "./words.js";

/** Lets the reviewer choose, add, update and delete catalogues. */
export function CataloguesDialog(): JSX.Element {
  const app = useApp();
  const state = useStore(app.desk.list.state);
  const { catalogue: chosen } = useStore(app.preferences);
  const current = currentCatalogue(state, chosen);
  return (
    <Dialog title="Catalogues" wide>
      <p class="soft">
        A catalogue contains the people, places and things that names can refer to. Names are linked to one
        catalogue at a time.
      </p>
      {state.kind === "loading" && <p role="status">Loading the catalogues…</p>}
      {state.kind === "failed" && (
        <p class="callout problem" role="alert">
          <span>The catalogues could not be loaded: {state.message}.</span>
          <button type="button" class="secondary" onClick={() => void app.desk.list.reload()}>
            Retry
          </button>
        </p>
      )}
      {state.kind === "ready" && (
        <>
          <ul class="catalogues">
            {state.catalogues.map((one) => (
              <CatalogueRow
                key={one.name}
                catalogue={one}
                current={current}
                isWritable={state.writable && one.editable}
              />
            ))}
          </ul>
          {state.writable ? (
            <p class="dialog-actions">
              <button type="button" class="primary" onClick={() => addCatalogue(app)}>
                <PlusIcon /> Add a catalogue…
              </button>
            </p>
          ) : (
            <p class="callout">
              Here you can choose between catalogues, but not add or change them. Ask the person who runs this
              service, or run <code>mmel open</code> on your own computer.
            </p>
          )}
        </>
      )}
    </Dialog>
  );
}

interface RowProps {
  readonly catalogue: Catalogue;
  readonly current: Catalogue | undefined;
  readonly isWritable: boolean;
}

function CatalogueRow({ catalogue, current, isWritable }: RowProps): JSX.Element {
  const app = useApp();
  const { items } = useWork();
  const [asking, setAsking] = useState<"use" | "delete">();
  const { decided } = progressOf(items);
  const isCurrent = catalogue.name === current?.name;
  const use = (): void => {
    app.chooseCatalogue(catalogue.name);
    app.dialog.set(undefined);
    app.notice.set({ text: `Names are now linked to “${catalogue.title}”.`, tone: "done" });
  };
  return (
    <li class={isCurrent ? "catalogue-row current" : "catalogue-row"}>
      <div class="catalogue-name">
        <strong>
          <bdi>{catalogue.title}</bdi>
        </strong>
        <span class="soft">{describe(catalogue)}</span>
      </div>
      <div class="catalogue-actions">
        {isCurrent ? (
          <span class="in-use">
            <CheckIcon /> in use
          </span>
        ) : (
          <button
            type="button"
            class="secondary"
            aria-label={`Use ${catalogue.title}`}
            onClick={() => (decided > 0 ? setAsking("use") : use())}
          >
            Use
          </button>
        )}
        {isWritable && (
          <button
            type="button"
            class="quiet"
            aria-label={`Update ${catalogue.title}`}
            onClick={() => addCatalogue(app, undefined, catalogue)}
          >
            Update…
          </button>
        )}
        {isWritable && !catalogue.default && (
          <button
            type="button"
            class="quiet danger"
            aria-label={`Delete ${catalogue.title}`}
            onClick={() => setAsking("delete")}
          >
            Delete…
          </button>
        )}
      </div>
      {isWritable && catalogue.default && (
        <p class="catalogue-note soft">
          It cannot be deleted, because the service was started with it. You can delete it after a start with
          another catalogue.
        </p>
      )}
      {asking === "use" && (
        <Question
          text={`Link all ${count(items.length, "caption")} again with “${catalogue.title}”? Your ${count(decided, "decision")} will be kept, but ${decided === 1 ? "it refers" : "they refer"} to “${current?.title}”.`}
          yes="Link again"
          onYes={use}
          onNo={() => setAsking(undefined)}
        />
      )}
      {asking === "delete" && <DeleteQuestion catalogue={catalogue} onNo={() => setAsking(undefined)} />}
    </li>
  );
}

/** Asks for confirmation before deleting a catalogue, which cannot be undone. */
function DeleteQuestion({ catalogue, onNo }: { readonly catalogue: Catalogue; readonly onNo: () => void }) {
  const app = useApp();
  const [problem, setProblem] = useState<string>();
  const remove = async (): Promise<void> => {
    try {
      await app.desk.api.remove(catalogue.name);
      if (app.preferences.get().catalogue === catalogue.name) app.chooseCatalogue(undefined);
      app.notice.set({ text: `The catalogue “${catalogue.title}” was deleted.`, tone: "done" });
      await app.desk.list.reload();
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  return (
    <Question
      text={
        problem === undefined
          ? `Delete “${catalogue.title}” with ${count(catalogue.entities, "entity")}? This cannot be undone. Your file stays where it is.`
          : `“${catalogue.title}” could not be deleted: ${problem}.`
      }
      yes={problem === undefined ? "Delete" : "Try again"}
      isDanger
      onYes={() => void remove()}
      onNo={onNo}
    />
  );
}

interface QuestionProps {
  readonly text: string;
  readonly yes: string;
  readonly isDanger?: boolean;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

const Question = ({ text, yes, isDanger, onYes, onNo }: QuestionProps): JSX.Element => (
  <div class="question" role="alert">
    <p>{text}</p>
    <p class="dialog-actions">
      <button type="button" class="secondary" ref={focusOnMount} onClick={onNo}>
        Cancel
      </button>
      <button type="button" class={isDanger === true ? "primary danger" : "primary"} onClick={onYes}>
        {yes}
      </button>
    </p>
  </div>
);

function describe({ entities, default: isDefault, updated }: Catalogue): string {
  const day =
    updated === undefined ? "" : new Date(updated).toLocaleDateString(undefined, { dateStyle: "medium" });
  return [count(entities, "entity"), isDefault ? "default" : "", day && `updated ${day}`]
    .filter((part) => part !== "")
    .join(" · ");
}
