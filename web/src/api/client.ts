import { ApiError, errorOf } from "./error.js";
import type { LinkRequest, SearchHit, ServerInfo, WireEntity, WireLinks } from "./types.js";

export interface Api {
  link(request: LinkRequest, signal?: AbortSignal): Promise<WireLinks>;
  entity(id: string, signal?: AbortSignal): Promise<WireEntity>;
  search(name: string, limit: number, signal?: AbortSignal): Promise<readonly SearchHit[]>;
  info(signal?: AbortSignal): Promise<ServerInfo>;
  /** The address of an entity's first picture. */
  entityPicture(id: string): string;
  /** The address of a caption's picture below the server's images folder. */
  captionPicture(path: string): string;
  /** The picture at such an address, for servers that want a token with it. */
  picture(address: string, signal?: AbortSignal): Promise<Blob>;
}

export interface ApiOptions {
  readonly fetch: typeof fetch;
  /** The address of the page; the service lies beside it, also behind a prefix. */
  readonly base: string;
  /** The bearer token of the moment, if there is one. */
  readonly token: () => string | undefined;
}

/** The service behind the page. Every method throws `ApiError`, or the signal's reason when it was aborted. */
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
      throw new ApiError("failed", "the server's answer is not JSON");
    }
  }

  return {
    link: (request, signal) =>
      json("v1/link", { method: "POST", body: JSON.stringify(request), ...(signal && { signal }) }),
    entity: (id, signal) => json(`v1/entities/${encodeURIComponent(id)}`, signal && { signal }),
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
