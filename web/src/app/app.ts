import { type Api, createApi, createRequests } from "../api/index.js";
import { createDesk, type Desk } from "../catalogue/desk.js";
import {
  type Action,
  EMPTY,
  type Filter,
  NO_FILTER,
  reduce,
  type State,
  type WireLinks,
} from "../review/index.js";
import {
  deletePictures,
  holdLock,
  load,
  loadPreferences,
  loadToken,
  openDatabase,
  type Preferences,
  savePicture,
  savePreferences,
  saveToken,
} from "../storage/index.js";
import { createEntities, type Entities } from "./entities.js";
import { startAtFirst } from "./first-caption.js";
import { startLinking, startLinkingAlone } from "./linking.js";
import { type SavingState, startSaving, storageErrorText } from "./saving.js";
import type { ServerState } from "./server-state.js";
import { createStore, type Store } from "./store.js";

/** A message to show to the reviewer. */
export interface Notice {
  readonly text: string;
  readonly tone: "done" | "problem";
  /** Whether to show a button that undoes the last step. */
  readonly undo?: boolean;
  /** A further step that the message offers. The key S takes it, too. */
  readonly offer?: { readonly label: string; readonly take: () => void };
  /** Additional lines, such as the invalid lines in a file. */
  readonly details?: readonly string[];
}

export type DialogName =
  | "search"
  | "help"
  | "settings"
  | "export"
  | "compose"
  | "mark"
  | "captions"
  | "clear"
  | "who"
  | "accept-all"
  | "comment"
  | "caption-comment"
  | "new-entity"
  | "catalogues"
  | "table"
  | "import"
  | "pictures";

/** A caption that the reviewer is writing. Closing the dialog does not discard the draft. */
export interface Draft {
  readonly text: string;
  readonly picture?: File;
}

interface Shown {
  /** Whether to show what the knowledge base tells about the candidates. */
  readonly details: boolean;
  /** Whether to show the scores from which the order comes. */
  readonly why: boolean;
}

/** The state and actions that all components share. */
export interface App {
  readonly api: Api;
  readonly work: Store<State>;
  readonly server: Store<ServerState>;
  readonly saving: Store<SavingState>;
  readonly notice: Store<Notice | undefined>;
  readonly dialog: Store<DialogName | undefined>;
  readonly draft: Store<Draft>;
  readonly filter: Store<Filter>;
  /** What the page shows about the candidates. */
  readonly shown: Store<Shown>;
  /** The decision that waits until the reviewer has given a name. */
  readonly waiting: Store<(() => void) | undefined>;
  readonly preferences: Store<Preferences>;
  readonly token: Store<string | undefined>;
  readonly pictures: Store<ReadonlyMap<string, Blob>>;
  /** Links that were opened from a file, for captions that are not open. */
  readonly orphans: Store<readonly WireLinks[]>;
  readonly desk: Desk;
  /** Whether the reviewer has stopped the linking of captions. */
  readonly isStopped: Store<boolean>;
  readonly entities: Entities;
  /** The entities with their relations, for the details of candidates. */
  readonly details: Entities;
  readonly dispatch: (action: Action) => void;
  /** Resumes requests that are paused because the server is unreachable, is busy or refuses the token. */
  readonly retry: () => void;
  /**
   * Saves `picture` as the picture of a caption and links the caption again. If `picture` is undefined, deletes the
   * caption's picture instead of saving one.
   */
  readonly keepPicture: (id: string, picture: Blob | undefined) => void;
  /** Links to another catalogue, or to the default if `name` is undefined. All captions wait for new links. */
  readonly chooseCatalogue: (name: string | undefined) => void;
  /** Links all captions again, and detects their names again where nothing was decided. Decisions are kept. */
  readonly linkAgain: () => void;
  /** Deletes all captions, decisions and pictures. */
  readonly clear: () => void;
}

/**
 * Loads the captions and decisions saved in this browser, and starts linking and saving. Only one tab saves at a time.
 * If another tab is already saving, this tab does not save. With `takeOver`, this tab takes over saving from the other
 * tab.
 */
export async function startApp(takeOver = false): Promise<App> {
  const saving = createStore<SavingState>({ kind: "saved" });
  const db = await openWorkspace(saving, takeOver);
  const saved = db === undefined ? undefined : await load(db).catch((error) => fail(saving, error));
  const work = createStore<State>(saved?.state ?? EMPTY);
  const pictures = createStore<ReadonlyMap<string, Blob>>(saved?.pictures ?? new Map());
  const token = createStore(loadToken());
  const preferences = createStore(loadPreferences());
  const server = createStore<ServerState>({ kind: "unknown" });
  const notice = createStore<Notice | undefined>(undefined);
  const requests = createRequests({
    fetch: fetch.bind(globalThis),
    base: document.baseURI,
    token: token.get,
  });
  const api = createApi(requests, () => preferences.get().catalogue);
  const desk = createDesk(requests, onImported);
  const entities = createEntities(api);
  const details = createEntities({ entity: api.entityWithRelations });
  const dispatch: App["dispatch"] = (action) => work.set(reduce(work.get(), action));

  if (db !== undefined && saved !== undefined) startSaving(db, work, saving);
  preferences.subscribe(() => savePreferences(preferences.get()));
  const picture = async (id: string): Promise<string | undefined> => {
    const blob = pictures.get().get(id);
    return blob && base64Of(blob);
  };
  const isStopped = createStore(false);
  const catalogue = (): string | undefined => preferences.get().catalogue;
  const linking = startLinking({ work, server, dispatch, api, catalogue, isStopped, picture });
  startLinkingAlone({ work, server, dispatch, api, picture });
  startAtFirst({ work, preferences, dispatch });
  keepAdditionsKnown(work, [entities, details]);
  token.subscribe(() => {
    saveToken(token.get());
    retry();
  });
  addEventListener("online", () => retry());
  desk.list.state.subscribe(forgetMissingCatalogue);
  void desk.list.reload();

  function retry(): void {
    entities.retry();
    details.retry();
    linking.retry();
    void desk.list.reload();
  }

  function chooseCatalogue(name: string | undefined): void {
    const { catalogue: _, ...others } = preferences.get();
    preferences.set(name === undefined ? others : { ...others, catalogue: name });
    linkAgain();
  }

  function linkAgain(): void {
    forgetEntities();
    isStopped.set(false);
    dispatch({ kind: "link-all" });
  }

  /** Forgets the entities of the catalogue, but not those that the reviewer added. */
  function forgetEntities(): void {
    for (const cache of [entities, details]) {
      cache.clear();
      for (const entity of work.get().additions) cache.add(entity);
    }
  }

  /** Uses a new catalogue immediately if no caption is open. Otherwise, the reviewer decides. */
  function onImported(name: string): void {
    forgetEntities();
    if (work.get().items.length === 0) chooseCatalogue(name);
  }

  /** Returns to the default if the chosen catalogue does not exist any more. */
  function forgetMissingCatalogue(): void {
    const list = desk.list.state.get();
    const chosen = catalogue();
    if (list.kind !== "ready" || chosen === undefined) return;
    if (list.catalogues.some(({ name }) => name === chosen)) return;
    chooseCatalogue(undefined);
    notice.set({
      text: `The catalogue “${chosen}” does not exist any more. Names are now linked to the default catalogue.`,
      tone: "problem",
    });
  }

  function persist(write: (db: IDBDatabase) => Promise<unknown>): void {
    if (db === undefined || saving.get().kind === "elsewhere") return;
    write(db).catch((error) => fail(saving, error));
  }

  return {
    api,
    work,
    server,
    saving,
    notice,
    dialog: createStore<ReturnType<App["dialog"]["get"]>>(undefined),
    draft: createStore<ReturnType<App["draft"]["get"]>>({ text: "" }),
    filter: createStore<ReturnType<App["filter"]["get"]>>(NO_FILTER),
    shown: createStore<ReturnType<App["shown"]["get"]>>({ details: false, why: false }),
    waiting: createStore<ReturnType<App["waiting"]["get"]>>(undefined),
    preferences,
    token,
    pictures,
    orphans: createStore<ReturnType<App["orphans"]["get"]>>([]),
    desk,
    isStopped,
    entities,
    details,
    dispatch,
    retry,
    chooseCatalogue,
    linkAgain,
    keepPicture(id, picture) {
      const next = new Map(pictures.get());
      if (picture === undefined) next.delete(id);
      else next.set(id, picture);
      pictures.set(next);
      persist((open) => savePicture(open, id, picture));
      if (work.get().items.some((item) => item.id === id)) dispatch({ kind: "link", item: id });
    },
    clear() {
      dispatch({ kind: "clear" });
      pictures.set(new Map());
      persist(deletePictures);
    },
  };
}

/** Adds the entities that the reviewer added to the caches, because the server does not know them. */
function keepAdditionsKnown(work: Store<State>, caches: readonly Entities[]): void {
  let known: State["additions"] = [];
  function update(): void {
    const { additions } = work.get();
    if (additions === known) return;
    for (const entity of additions)
      if (!known.includes(entity)) for (const cache of caches) cache.add(entity);
    known = additions;
  }
  work.subscribe(update);
  update();
}

async function openWorkspace(
  saving: ReturnType<typeof createStore<SavingState>>,
  takeOver: boolean,
): Promise<IDBDatabase | undefined> {
  try {
    const locked = await holdLock(() => saving.set({ kind: "elsewhere" }), takeOver);
    if (!locked) saving.set({ kind: "elsewhere" });
    const db = await openDatabase(() => saving.set({ kind: "outdated" }));
    return db;
  } catch (error) {
    return fail(saving, error);
  }
}

function fail(saving: ReturnType<typeof createStore<SavingState>>, error: unknown): undefined {
  saving.set({ kind: "failed", message: storageErrorText(error) });
}

async function base64Of(picture: Blob): Promise<string> {
  const bytes = new Uint8Array(await picture.arrayBuffer());
  let binary = "";
  for (let start = 0; start < bytes.length; start += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  }
  return btoa(binary);
}
