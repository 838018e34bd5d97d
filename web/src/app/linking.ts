import { type Api, ApiError, type LinkRequest } from "../api/index.js";
import { captionOf } from "../files/index.js";
import type { Action, Item, State, WireLinks, WireMentionLink } from "../review/index.js";
import { isPaused, type ServerState, stateAfter } from "./server-state.js";
import type { Store } from "./store.js";

/** Number of candidates to request. The keys 1 to 9 each choose one candidate. */
const TOP_K = 9;

const CONCURRENT_REQUESTS = 2;

export interface LinkingParts {
  readonly work: Store<State>;
  readonly server: Store<ServerState>;
  readonly dispatch: (action: Action) => void;
  readonly api: Api;
  /** Returns the name of the catalogue to link to, or undefined for the default. */
  readonly catalogue: () => string | undefined;
  /** Whether the reviewer has stopped linking. */
  readonly isStopped: Store<boolean>;
  /** Returns the picture that the reviewer added to a caption, as base64. */
  readonly picture: (id: string) => Promise<string | undefined>;
}

/**
 * Starts requesting links for all captions that are waiting for links. The caption under review is requested first.
 * Requests pause while the server is unreachable, is busy or refuses the token; `retry` resumes them immediately. If
 * the catalogue changes during a request, the caption is requested again. If the server rejects a caption, only that caption fails.
 */
export function startLinking(parts: LinkingParts): { retry(): void } {
  const { work, server, dispatch, api, catalogue, isStopped, picture } = parts;
  let running = 0;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function pump(): void {
    while (running < CONCURRENT_REQUESTS && !isPaused(server.get()) && !isStopped.get()) {
      const item = nextWaiting(work.get());
      if (item === undefined) return;
      running++;
      const request = linkItem(item); // must start before the dispatch, which calls pump again
      dispatch({ kind: "linking", item: item.id });
      void request.finally(() => {
        running--;
        pump();
      });
    }
  }

  async function linkItem(item: Item): Promise<void> {
    const asked = catalogue();
    try {
      const links = withoutExplanations(await api.link(await requestFor(item, work.get(), picture)));
      failures = 0;
      if (server.get().kind !== "ready") server.set({ kind: "ready", model: links.model, kb: links.kb });
      if (catalogue() !== asked) dispatch({ kind: "link-later", item: item.id });
      else dispatch({ kind: "linked", item: item.id, asked: item.marks, links });
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
  isStopped.subscribe(pump);
  pump();
  return { retry };
}

/**
 * Removes `explain` from all candidates, since explanations are not shown and would fill the storage. Keeps
 * `independentRank`, which is shown. The server sends `independentRank` only together with explanations.
 */
const withoutExplanations = (links: WireLinks): WireLinks => ({
  ...links,
  mentions: links.mentions.map((mention) => ({
    ...mention,
    candidates: mention.candidates.map(({ explain: _, ...candidate }) => candidate),
  })),
});

/**
 * Returns the caption under review if it waits for links, otherwise the first caption that waits for links. Returns
 * undefined if no caption waits for links.
 */
function nextWaiting({ items, linkings, cursor }: State): Item | undefined {
  const isWaiting = ({ id }: Item): boolean => linkings.get(id)?.status === "waiting";
  return items.find((item) => item.id === cursor?.item && isWaiting(item)) ?? items.find(isWaiting);
}

async function requestFor(
  item: Item,
  { linkings }: State,
  picture: LinkingParts["picture"],
): Promise<LinkRequest> {
  const { mentions = [], image, ...caption } = captionOf(item);
  const imageData = image === undefined ? undefined : await picture(item.id);
  const detect = linkings.get(item.id)?.detect === true;
  return {
    ...caption,
    ...(imageData !== undefined ? { imageData } : image !== undefined && { image }),
    ...(detect ? { detect } : { mentions }),
    topK: TOP_K,
    explain: true,
  };
}

/**
 * Number of candidates to request when a name is linked without the caption's other names. This is more than the
 * number shown, because a candidate with a high rank in context may have a low rank without the other names.
 */
const TOP_K_ALONE = 30;

/**
 * If a caption has more than this number of names, its names are not linked separately, since each name requires a
 * request.
 */
const MAX_NAMES_ALONE = 12;

/**
 * Starts linking each name in the caption under review separately, to compare the name's scores with and without the
 * caption's other names. The comparison is only displayed, so a failed request is ignored and not retried.
 */
export function startLinkingAlone(parts: Omit<LinkingParts, "catalogue" | "isStopped">): void {
  const { work, server, dispatch } = parts;
  const requested = new WeakSet<WireLinks>();

  function linkCurrent(): void {
    const { cursor, linkings } = work.get();
    const linking = cursor && linkings.get(cursor.item);
    const links = linking?.links;
    if (links === undefined || linking?.status !== "done" || linking.alone !== undefined) return;
    if (links.mentions.length < 2 || links.mentions.length > MAX_NAMES_ALONE || requested.has(links)) return;
    if (isPaused(server.get())) return;
    requested.add(links);
    linkAlone(parts, work.get(), cursor!.item, links).then(
      (alone) => dispatch({ kind: "alone", item: cursor!.item, links, alone }),
      () => undefined,
    );
  }

  work.subscribe(linkCurrent);
  linkCurrent();
}

async function linkAlone(
  { api, picture }: Pick<LinkingParts, "api" | "picture">,
  state: State,
  id: string,
  links: WireLinks,
): Promise<WireMentionLink[]> {
  const item = state.items.find((candidate) => candidate.id === id)!;
  const request = await requestFor(item, state, picture);
  return await Promise.all(
    links.mentions.map(async ({ text, start, end, type }) => {
      const mention = {
        text,
        ...(start !== undefined && end !== undefined && { start, end }),
        ...(type !== undefined && { type }),
      };
      const answer = await api.link({ ...request, mentions: [mention], topK: TOP_K_ALONE, explain: false });
      return answer.mentions[0]!;
    }),
  );
}
