import { ApiError, errorOf } from "./error.js";

export interface RequestOptions {
  readonly fetch: typeof fetch;
  /** URL of the page. API paths are relative to this URL, which keeps the path prefix of a proxy. */
  readonly base: string;
  /** Returns the current bearer token, if any. */
  readonly token: () => string | undefined;
}

/** Sends requests to the service that serves the page. */
export interface Requests {
  /** Returns the URL of a path of the API. */
  readonly address: (path: string) => string;
  /** Returns a successful response. */
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
  /** Returns the JSON of a successful response. */
  readonly json: <T>(path: string, init?: RequestInit) => Promise<T>;
}

/** A failed request throws `ApiError`. A request whose signal aborts throws the signal's reason. */
export function createRequests({ fetch, base, token }: RequestOptions): Requests {
  const address = (path: string): string => new URL(path, base).href;

  async function ask(path: string, init: RequestInit = {}): Promise<Response> {
    const bearer = token();
    const headers = {
      ...(typeof init.body === "string" && { "content-type": "application/json" }),
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

  async function json<T>(path: string, init?: RequestInit): Promise<T> {
    const response = await ask(path, init);
    try {
      return (await response.json()) as T;
    } catch {
      init?.signal?.throwIfAborted();
      throw new ApiError("failed", "the server's response is not JSON");
    }
  }

  return { address, ask, json };
}
