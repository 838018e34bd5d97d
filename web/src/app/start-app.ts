import { createApi } from "../api/index.js";
import { EMPTY, reduce, type State } from "../review/index.js";
import {
  forgetPictures,
  holdLock,
  load,
  loadPreferences,
  loadToken,
  openDatabase,
  savePicture,
  savePreferences,
  saveToken,
} from "../storage/index.js";
import { startAlone } from "./alone.js";
import type { App } from "./app.js";
import { createEntities } from "./entities.js";
import { startLinking } from "./linking.js";
import { type SavingState, startSaving, wordsFor } from "./saving.js";
import type { ServerState } from "./server-state.js";
import { createStore } from "./store.js";

/** Loads the work that was left in this browser and sets everything going. `takeOver`: from another tab. */
export async function startApp(takeOver = false): Promise<App> {
  const saving = createStore<SavingState>({ kind: "saved" });
  const db = await openKept(saving, takeOver);
  const kept = db === undefined ? undefined : await load(db).catch((error) => fail(saving, error));
  const work = createStore<State>(kept?.state ?? EMPTY);
  const pictures = createStore<ReadonlyMap<string, Blob>>(kept?.pictures ?? new Map());
  const token = createStore(loadToken());
  const preferences = createStore(loadPreferences());
  const server = createStore<ServerState>({ kind: "unknown" });
  const api = createApi({ fetch: fetch.bind(globalThis), base: document.baseURI, token: token.get });
  const entities = createEntities(api);
  const dispatch: App["dispatch"] = (action) => work.set(reduce(work.get(), action));

  if (db !== undefined && kept !== undefined) startSaving(db, work, saving);
  preferences.subscribe(() => savePreferences(preferences.get()));
  const picture = async (id: string): Promise<string | undefined> => {
    const given = pictures.get().get(id);
    return given && base64Of(given);
  };
  const linking = startLinking({ work, server, dispatch, api, picture });
  startAlone({ work, server, dispatch, api, picture });
  token.subscribe(() => {
    saveToken(token.get());
    retry();
  });
  addEventListener("online", () => retry());

  function retry(): void {
    entities.retry();
    linking.retry();
  }

  function keep(write: (db: IDBDatabase) => Promise<unknown>): void {
    if (db === undefined || saving.get().kind === "elsewhere") return;
    write(db).catch((error) => fail(saving, error));
  }

  return {
    api,
    work,
    server,
    saving,
    notice: createStore<ReturnType<App["notice"]["get"]>>(undefined),
    dialog: createStore<ReturnType<App["dialog"]["get"]>>(undefined),
    draft: createStore<ReturnType<App["draft"]["get"]>>({ text: "" }),
    preferences,
    token,
    pictures,
    orphans: createStore<ReturnType<App["orphans"]["get"]>>([]),
    entities,
    dispatch,
    retry,
    keepPicture(id, picture) {
      const next = new Map(pictures.get());
      if (picture === undefined) next.delete(id);
      else next.set(id, picture);
      pictures.set(next);
      keep((open) => savePicture(open, id, picture));
      if (work.get().items.some((item) => item.id === id)) dispatch({ kind: "link", item: id });
    },
    clear() {
      dispatch({ kind: "clear" });
      pictures.set(new Map());
      keep(forgetPictures);
    },
  };
}

async function openKept(
  saving: ReturnType<typeof createStore<SavingState>>,
  takeOver: boolean,
): Promise<IDBDatabase | undefined> {
  try {
    const mine = await holdLock(() => saving.set({ kind: "elsewhere" }), takeOver);
    if (!mine) saving.set({ kind: "elsewhere" });
    const db = await openDatabase(() => saving.set({ kind: "outdated" }));
    return db;
  } catch (error) {
    return fail(saving, error);
  }
}

function fail(saving: ReturnType<typeof createStore<SavingState>>, error: unknown): undefined {
  saving.set({ kind: "failed", message: wordsFor(error) });
}

async function base64Of(picture: Blob): Promise<string> {
  const bytes = new Uint8Array(await picture.arrayBuffer());
  let binary = "";
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(binary);
}
