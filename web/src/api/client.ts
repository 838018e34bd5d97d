import type {
  CaptionRequest,
  EntityAnswer,
  LinkOptions,
  ModelsAnswer,
  SearchAnswer,
} from "../../../src/formats/service.js";
import type { WireLinks } from "../../../src/formats/wire.js";
import type { Requests } from "./requests.js";

export interface Api {
  link(request: LinkRequest, signal?: AbortSignal): Promise<WireLinks>;
  entity(id: string, signal?: AbortSignal): Promise<EntityAnswer>;
  /** Returns an entity with its relations to other entities. */
  entityWithRelations(id: string, signal?: AbortSignal): Promise<EntityAnswer>;
  /** Searches the names of entities, and the words of their descriptions and properties. Good matches of names come first. */
  search(text: string, limit: number, signal?: AbortSignal): Promise<readonly SearchHit[]>;
  info(signal?: AbortSignal): Promise<ServerInfo>;
  /** Returns the URL of an entity's first picture. */
  entityPicture(id: string): string;
  /** Returns the URL of a caption's picture in the server's images folder. */
  captionPicture(path: string): string;
  /**
   * Fetches a picture from a URL that `entityPicture` or `captionPicture` returned. Sends the token, since some servers
   * require one.
   */
  picture(url: string, signal?: AbortSignal): Promise<Blob>;
}

/**
 * Creates a client for the service that serves the page. Every request asks the catalogue that `catalogue` returns, or
 * the service's default catalogue if that is undefined.
 */
export function createApi({ address, ask, json }: Requests, catalogue: () => string | undefined): Api {
  const path = (route: string, query: Readonly<Record<string, string>> = {}): string => {
    const name = catalogue();
    const parameters = new URLSearchParams({ ...query, ...(name !== undefined && { catalogue: name }) });
    return parameters.size === 0 ? route : `${route}?${parameters}`;
  };
  const entity = (id: string): string => `v1/entities/${encodeURIComponent(id)}`;

  return {
    link: (request, signal) =>
      json(path("v1/link"), { method: "POST", body: JSON.stringify(request), ...(signal && { signal }) }),
    entity: (id, signal) => json(path(entity(id)), signal && { signal }),
    entityWithRelations: (id, signal) => json(path(entity(id), { relations: "true" }), signal && { signal }),
    search: async (name, limit, signal) => {
      const route = path("v1/search", { name, limit: String(limit), fields: "all" });
      const { hits, texts = [] } = await json<SearchAnswer>(route, signal && { signal });
      const isGood = ({ score }: { readonly score: number }): boolean => score >= GOOD_NAME;
      return [...hits.filter(isGood), ...texts, ...hits.filter((hit) => !isGood(hit))];
    },
    info: (signal) => json(path("v1/models"), signal && { signal }),
    entityPicture: (id) => address(path(`${entity(id)}/images/0`)),
    captionPicture: (image) => address(path("v1/images", { path: image })),
    picture: async (from, signal) => (await ask(from, signal && { signal })).blob(),
  };
}

/** A caption to link, with its picture if the reviewer added one. */
export type LinkRequest = CaptionRequest & LinkOptions;

/** An entity that was found by its name, or by words in its description or a property. */
export interface SearchHit {
  readonly entity: SearchAnswer["hits"][number]["entity"];
  /** The label or alias that matched best. */
  readonly name?: string;
  /** The property that contains a word of the search. */
  readonly property?: string | undefined;
}

/** Score from which a name counts as a good match, so that it comes before matches of descriptions. */
const GOOD_NAME = 0.8;

export type ServerInfo = ModelsAnswer;

export type { EntityAnswer };
