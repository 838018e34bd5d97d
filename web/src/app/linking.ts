import { type Api, ApiError, type LinkRequest } from "../api/index.js";
import { itemToWire } from "../files/index.js";
import type { Action, Item, State, WireLinks } from "../review/index.js";
import { type ServerState, stateAfter } from "./server-state.js";
import type { Store } from "./store.js";

/** Candidates asked for a name: as many as there are digits to choose them by. */
export const TOP_K = 9;

/** Captions asked for at a time. */
const AT_A_TIME = 2;

export interface LinkingParts {
  readonly work: Store<State>;
  readonly server: Store<ServerState>;
  readonly dispatch: (action: Action) => void;
  readonly api: Api;
  /** The base64 of the picture that the reviewer gave for a caption. */
  readonly picture: (id: string) => Promise<string | undefined>;
}

/**
 * Keeps asking the server for the captions that wait for links, the one under review first. A server that is away or
 * busy is left alone for as long as it needs, and goes on by itself; a caption that it cannot use says so and is left out.
 */
export function startLinking({ work, server, dispatch, api, picture }: LinkingParts): { retry(): void } {
  let running = 0;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isPaused = (): boolean => ["away", "busy", "refused"].includes(server.get().kind);

  function pump(): void {
    while (running < AT_A_TIME && !isPaused()) {
      const item = nextWaiting(work.get());
      if (item === undefined) return;
      running++;
      const asked = ask(item); // before the dispatch, which comes back here
      dispatch({ kind: "linking", item: item.id });
      void asked.finally(() => {
        running--;
        pump();
      });
    }
  }

  async function ask(item: Item): Promise<void> {
    try {
      const links = withoutParts(await api.link(await requestFor(item, work.get(), picture)));
      failures = 0;
      if (server.get().kind !== "ready") server.set({ kind: "ready", model: links.model, kb: links.kb });
      dispatch({ kind: "linked", item: item.id, asked: item.marks, links });
    } catch (error) {
      const known = error instanceof ApiError ? error : new ApiError("failed", String(error));
      const state = stateAfter(known, failures, Date.now());
      if (state === undefined) {
        dispatch({ kind: "link-failed", item: item.id, message: known.message });
        return;
      }
      failures += known.fault === "away" ? 1 : 0;
      server.set(state);
      dispatch({ kind: "link-later", item: item.id });
      if ("until" in state) resumeAt(state.until);
    }
  }

  function resumeAt(time: number): void {
    clearTimeout(timer);
    timer = setTimeout(retry, Math.max(0, time - Date.now()));
  }

  function retry(): void {
    clearTimeout(timer);
    server.set({ kind: "unknown" });
    pump();
  }

  work.subscribe(pump);
  pump();
  return { retry };
}

/** Of the explanation only the places without the other names are shown; the rest would fill the storage. */
const withoutParts = (links: WireLinks): WireLinks => ({
  ...links,
  mentions: links.mentions.map((mention) => ({
    ...mention,
    candidates: mention.candidates.map(({ explain: _, ...candidate }) => candidate),
  })),
});

/** The caption under review if it waits, else the first that does. */
function nextWaiting({ items, linkings, cursor }: State): Item | undefined {
  const waits = ({ id }: Item): boolean => linkings.get(id)?.status === "waiting";
  return items.find((item) => item.id === cursor?.item && waits(item)) ?? items.find(waits);
}

/** What is asked of the server about a caption as it is. */
export async function requestFor(
  item: Item,
  { linkings }: State,
  picture: LinkingParts["picture"],
): Promise<LinkRequest> {
  const { mentions = [], image, ...caption } = itemToWire(item);
  const imageData = image === undefined ? undefined : await picture(item.id);
  const detect = linkings.get(item.id)?.detect === true && mentions.length === 0;
  return {
    ...caption,
    ...(imageData !== undefined ? { imageData } : image !== undefined && { image }),
    ...(detect ? { detect } : { mentions: mentions.map(({ gold: _, ...mention }) => mention) }),
    topK: TOP_K,
    explain: true,
  };
}
