import type { Api } from "../api/index.js";
import type { Action, State, WireLinks, WireMentionLink } from "../review/index.js";
import { type LinkingParts, requestFor } from "./linking.js";
import type { ServerState } from "./server-state.js";
import type { Store } from "./store.js";

/** Candidates asked for, more than are shown: what comes first with the other names may come late without. */
const TOP_K = 30;

/** Most names of one caption that are asked about one by one. */
const MOST = 12;

/**
 * Asks, for the caption under review, what each of its names would be if the others were left out: the bars before and
 * after. It is for looking at only, so that what fails is not asked again and nothing is said about it.
 */
export function startAlone(
  parts: Omit<LinkingParts, "server"> & { readonly server: Store<ServerState> },
): void {
  const { work, server, dispatch } = parts;
  const tried = new WeakSet<WireLinks>();

  function look(): void {
    const { cursor, linkings } = work.get();
    const linking = cursor && linkings.get(cursor.item);
    const links = linking?.links;
    if (links === undefined || linking?.status !== "done" || linking.alone !== undefined) return;
    if (links.mentions.length < 2 || links.mentions.length > MOST || tried.has(links)) return;
    if (["away", "busy", "refused"].includes(server.get().kind)) return;
    tried.add(links);
    askAlone(parts, work.get(), cursor!.item, links).then(
      (alone) => dispatch({ kind: "alone", item: cursor!.item, links, alone } satisfies Action),
      () => undefined,
    );
  }

  work.subscribe(look);
  look();
}

async function askAlone(
  { api, picture }: { readonly api: Api; readonly picture: LinkingParts["picture"] },
  state: State,
  id: string,
  links: WireLinks,
): Promise<WireMentionLink[]> {
  const item = state.items.find((one) => one.id === id)!;
  const request = await requestFor(item, state, picture);
  return await Promise.all(
    links.mentions.map(async ({ text, start, end }) => {
      const mention = { text, ...(start !== undefined && end !== undefined && { start, end }) };
      const answer = await api.link({ ...request, mentions: [mention], topK: TOP_K, explain: false });
      return answer.mentions[0]!;
    }),
  );
}
