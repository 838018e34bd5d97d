import type {
  CaptionRequest,
  EntityAnswer,
  LinkOptions,
  ModelsAnswer,
  SearchAnswer,
} from "../../../src/formats/service.js";
import type { WireLinks } from "../../../src/formats/wire.js";
import { ApiError, errorOf } from "./error.js";

export interface Api {
  link(request: LinkRequest, signal?: AbortSignal): Promise<WireLinks>;
  entity(id: string, signal?: AbortSignal): Promise<EntityAnswer>;
  /** Returns an entity with its relations to other entities. */
  entityWithRelations(id: string, signal?: AbortSignal): Promise<EntityAnswer>;
  search(name: string, limit: number, signal?: AbortSignal): Promise<readonly SearchHit[]>;
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

export interface ApiOptions {
  readonly fetch: typeof fetch;
  /** URL of the page. API paths are relative to this URL, which keeps the path prefix of a proxy. */
  readonly base: string;
  /** Returns the current bearer token, if any. */
  readonly token: () => string | undefined;
}

/**
 * Creates a client for the service that serves the page. A failed request throws `ApiError`. A request whose signal
 * aborts throws the signal's reason.
 */
export function createApi({ fetch, base, token }: ApiOptions): Api {
  const address = (path: string): string => new URL(path, base).href;

  async function ask(path: string, init: RequestInit & { signal?: AbortSignal } = {}): Promise<Response> {
    const bearer = token();
    const headers = {
      ...(init.body !== undefined && { "content-type": "application/json" }),
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    };
    let response: Response;
    try {
      response = await fetch(address(path), { ...init, headers, credentials: "same-origin" });
    } catch (error) {
      init.signal?.throwIfAborted();
      throw new ApiError("away", error instanceof Error ? error.message : String(error));
    }
    if (!response.ok) throw await errorOf(response);
    return response;
  }

  async function json<T>(path: string, init?: RequestInit & { signal?: AbortSignal }): Promise<T> {
    const response = await ask(path, init);
    try {
      return (await response.json()) as T;
    } catch {
      init?.signal?.throwIfAborted();
      throw new ApiError("failed", "the server's response is not JSON");
    }
  }

  return {
    link: (request, signal) =>
      json("v1/link", { method: "POST", body: JSON.stringify(request), ...(signal && { signal }) }),
    entity: (id, signal) => json(`v1/entities/${encodeURIComponent(id)}`, signal && { signal }),
    entityWithRelations: (id, signal) =>
      json(`v1/entities/${encodeURIComponent(id)}?relations=true`, signal && { signal }),
    search: async (name, limit, signal) => {
      const query = new URLSearchParams({ name, limit: String(limit) });
      return (await json<{ hits: SearchHit[] }>(`v1/search?${query}`, signal && { signal })).hits;
    },
    info: (signal) => json("v1/models", signal && { signal }),
    entityPicture: (id) => address(`v1/entities/${encodeURIComponent(id)}/images/0`),
    captionPicture: (path) => address(`v1/images?${new URLSearchParams({ path })}`),
    picture: async (from, signal) => (await ask(from, signal && { signal })).blob(),
  };
}

/** A caption to link, with its picture if the reviewer added one. */
export type LinkRequest = CaptionRequest & LinkOptions;

export type SearchHit = SearchAnswer["hits"][number];

export type ServerInfo = ModelsAnswer;

export type { EntityAnswer };
