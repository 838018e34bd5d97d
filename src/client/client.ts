import type {
  CaptionRequest,
  CataloguesAnswer,
  EntityAnswer,
  ImportAnswer,
  LinkBatch,
  LinkOptions,
  ModelsAnswer,
  PictureCaptionAnswer,
  Problem,
  SearchAnswer,
  TablePreviewAnswer,
  WireCaption,
  WireEntity,
  WireLinks,
} from "../formats/index.js";

export interface ClientOptions {
  /** Base URL of the service; default: the origin of the page. */
  readonly url?: string;
  readonly token?: string;
  readonly fetch?: typeof fetch;
  /** Maximum number of retries if the service responds with status 429 (busy or rate limit); default 3. */
  readonly retries?: number;
}

export interface Call {
  /** Name of the catalogue; default: the knowledge base with which the service was started. */
  readonly catalogue?: string;
  readonly signal?: AbortSignal;
}

export interface LinkCall extends LinkOptions, Call {}

export interface SearchCall extends Call {
  /** Maximum number of hits; default 10. */
  readonly limit?: number | undefined;
}

export interface TableCall {
  /** The mapping of columns to fields, as in a mapping file; default: guessed. */
  readonly mapping?: object;
  readonly signal?: AbortSignal;
}

/** A row of a table of captions that was rejected. */
export interface RejectedRow {
  readonly rejected: { readonly line: number; readonly error: string };
}

/** An error with the problem document from the service, or with a general one if the response was not JSON. */
export class ServiceError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = "ServiceError";
    this.problem = problem;
  }
}

/**
 * An HTTP client for the service, for Node.js and browsers. Unless a method states otherwise, it throws `ServiceError`
 * if the service reports a problem. Errors of `fetch` are passed on unchanged.
 */
export interface Client {
  link(caption: CaptionRequest, call?: LinkCall): Promise<WireLinks>;
  /** Uploads a caption together with its picture, and links the caption. */
  linkPicture(caption: CaptionRequest, picture: Blob, call?: LinkCall): Promise<WireLinks>;
  /**
   * Links several captions in one request. The service limits the number of captions per request and, by default, the size
   * of a request to 1 MiB without pictures. `linkAll` has neither limit.
   */
  linkBatch(captions: readonly CaptionRequest[], call?: LinkCall): Promise<WireLinks[]>;
  /**
   * Links any number of captions as a stream and yields the results in order. Yields a problem for each caption that
   * cannot be linked.
   */
  linkAll(
    captions: Iterable<CaptionRequest> | AsyncIterable<CaptionRequest>,
    call?: LinkCall,
  ): AsyncGenerator<WireLinks | Problem>;
  /** Returns the entity with this id, with its relations if requested; undefined if it does not exist. */
  entity(id: string, call?: Call & { relations?: boolean | undefined }): Promise<EntityAnswer | undefined>;
  /** Returns the entities with a label or alias similar to a name, best first. */
  search(name: string, call?: SearchCall & { fields?: "names" | undefined }): Promise<SearchAnswer["hits"]>;
  /**
   * Returns the entities with a similar label or alias (`hits`) and other entities whose names, description and
   * properties contain all words (`texts`; absent if the knowledge base is too large for this search).
   */
  search(name: string, call: SearchCall & { fields: "all" }): Promise<SearchAnswer>;
  models(call?: Call): Promise<ModelsAnswer>;
  catalogues(call?: { signal?: AbortSignal }): Promise<CataloguesAnswer>;
  /** Returns the columns of a table (CSV, TSV, XLSX), their fields and the first rows. */
  previewTable(table: Blob, as: "entities" | "captions", call?: TableCall): Promise<TablePreviewAnswer>;
  /** Converts a table to captions and yields them in order, with the rejected rows among them. */
  captionsIn(table: Blob, call?: TableCall): AsyncGenerator<WireCaption | RejectedRow>;
  /**
   * Returns the caption in the metadata of a picture, if there is one. `path` becomes its `id` and `image`; `sidecars`
   * are the texts of at most two sidecars; the first takes precedence.
   */
  pictureCaption(
    picture: Blob,
    path: string,
    call?: { sidecars?: readonly string[]; signal?: AbortSignal },
  ): Promise<PictureCaptionAnswer>;
  /**
   * Starts to import a table, and returns the id of the import. `name` is the title of a new catalogue, or the name or
   * title of an existing one, which is replaced or, with `update`, keeps the entities that the table does not contain.
   */
  importTable(table: Blob, name: string, call?: TableCall & { update?: boolean }): Promise<string>;
  /** Starts to add entities with new ids to a catalogue, and returns the id of the import. */
  addEntities(catalogue: string, entities: readonly WireEntity[], signal?: AbortSignal): Promise<string>;
  importState(id: string, signal?: AbortSignal): Promise<ImportAnswer>;
  /** Cancels an import, and returns its state; it ends soon after. */
  cancelImport(id: string, signal?: AbortSignal): Promise<ImportAnswer>;
  deleteCatalogue(name: string, signal?: AbortSignal): Promise<void>;
}

/** Number of captions that `linkAll` sends in one request. */
const CHUNK = 64;

export function createClient(options: ClientOptions = {}): Client {
  const send = sender(options);
  const post = async <T>(path: string, body: string | FormData, signal?: AbortSignal): Promise<T> => {
    const headers = typeof body === "string" ? { "content-type": "application/json" } : undefined;
    return (
      await send(path, { method: "POST", body, ...(headers && { headers }), ...(signal && { signal }) })
    ).json() as T;
  };
  const get = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
    (await send(path, signal ? { signal } : {})).json() as T;

  async function* linkAll(
    captions: Iterable<CaptionRequest> | AsyncIterable<CaptionRequest>,
    { signal, ...call }: LinkCall = {},
  ): AsyncGenerator<WireLinks | Problem> {
    for await (const chunk of inChunks(captions, CHUNK)) {
      const response = await send(`/v1/link${parametersOf(call)}`, {
        method: "POST",
        headers: { "content-type": "application/x-ndjson" },
        body: chunk.map((caption) => `${JSON.stringify(caption)}\n`).join(""),
        ...(signal && { signal }),
      });
      for await (const line of linesFrom(response)) yield JSON.parse(line) as WireLinks | Problem;
    }
  }
  async function search(
    name: string,
    call?: SearchCall & { fields?: "names" | undefined },
  ): Promise<SearchAnswer["hits"]>;
  async function search(name: string, call: SearchCall & { fields: "all" }): Promise<SearchAnswer>;
  async function search(
    name: string,
    { signal, ...call }: SearchCall & { fields?: "names" | "all" | undefined } = {},
  ): Promise<SearchAnswer["hits"] | SearchAnswer> {
    const answer = await get<SearchAnswer>(`/v1/search${parametersOf({ name, ...call })}`, signal);
    return call.fields === "all" ? answer : answer.hits;
  }

  return {
    link: (caption, { signal, ...call } = {}) =>
      post(`/v1/link${parametersOf(call)}`, JSON.stringify(caption), signal),
    linkPicture(caption, picture, { signal, ...call } = {}) {
      const form = new FormData();
      form.set("caption", JSON.stringify(caption));
      form.set("image", picture);
      return post(`/v1/link${parametersOf(call)}`, form, signal);
    },
    async linkBatch(captions, { signal, ...call } = {}) {
      const body = JSON.stringify({ captions });
      return (await post<LinkBatch>(`/v1/link${parametersOf(call)}`, body, signal)).links;
    },
    linkAll,
    async entity(id, { signal, relations, catalogue } = {}) {
      const path = `/v1/entities/${encodeURIComponent(id)}${parametersOf({ relations, catalogue })}`;
      try {
        return await get<EntityAnswer>(path, signal);
      } catch (error) {
        if (error instanceof ServiceError && error.problem.status === 404) return undefined;
        throw error;
      }
    },
    search,
    models: ({ signal, catalogue } = {}) => get(`/v1/models${parametersOf({ catalogue })}`, signal),
    catalogues: ({ signal } = {}) => get("/v1/catalogues", signal),
    previewTable: (table, as, { mapping, signal } = {}) =>
      post("/v1/tables/preview", formOf(table, { as, mapping }), signal),
    async *captionsIn(table, { mapping, signal } = {}) {
      const body = formOf(table, { mapping });
      const response = await send("/v1/tables/captions", { method: "POST", body, ...(signal && { signal }) });
      for await (const line of linesFrom(response)) yield JSON.parse(line) as WireCaption | RejectedRow;
    },
    pictureCaption(picture, path, { sidecars = [], signal } = {}) {
      const [sidecar, otherSidecar] = sidecars;
      return post("/v1/pictures/caption", formOf(picture, { path, sidecar, otherSidecar }), signal);
    },
    async importTable(table, name, { mapping, update = false, signal } = {}) {
      const body = formOf(table, { name, mapping, update: String(update) });
      return (await post<{ import: string }>("/v1/catalogues", body, signal)).import;
    },
    async addEntities(catalogue, entities, signal) {
      const path = `/v1/catalogues/${encodeURIComponent(catalogue)}/entities`;
      return (await post<{ import: string }>(path, JSON.stringify({ entities }), signal)).import;
    },
    importState: (id, signal) => get(`/v1/imports/${encodeURIComponent(id)}`, signal),
    async cancelImport(id, signal) {
      const init = { method: "DELETE", ...(signal && { signal }) };
      return (await (await send(`/v1/imports/${encodeURIComponent(id)}`, init)).json()) as ImportAnswer;
    },
    async deleteCatalogue(name, signal) {
      await send(`/v1/catalogues/${encodeURIComponent(name)}`, {
        method: "DELETE",
        ...(signal && { signal }),
      });
    },
  };
}

function formOf(file: Blob, fields: Readonly<Record<string, string | object | undefined>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined) form.set(name, typeof value === "string" ? value : JSON.stringify(value));
  form.set("file", file);
  return form;
}

function sender({ url = "", token, fetch: fetched = fetch, retries = 3 }: ClientOptions) {
  const base = url.replace(/\/+$/, "");
  return async (path: string, init: RequestInit): Promise<Response> => {
    const headers = { ...init.headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
    for (let left = retries; ; left--) {
      const response = await fetched(`${base}${path}`, { ...init, headers });
      if (response.ok) return response;
      if (response.status !== 429 || left <= 0) throw new ServiceError(await problemIn(response));
      await wait(Number(response.headers.get("retry-after") ?? 1), init.signal ?? undefined);
    }
  };
}

/** Yields the non-empty lines of a response as they arrive. */
async function* linesFrom({ body }: Response): AsyncGenerator<string> {
  if (body === null) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const lines = (rest + (value ?? "")).split("\n");
      rest = done ? "" : (lines.pop() ?? "");
      yield* lines.filter((line) => line !== "");
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => {}); // already ended, or the caller stopped reading
  }
}

async function problemIn(response: Response): Promise<Problem> {
  const { status, statusText } = response;
  const plain = {
    type: "about:blank",
    title: statusText,
    status,
    detail: statusText,
    code: "INTERNAL",
  } as const;
  if (!response.headers.get("content-type")?.includes("json")) return plain; // from a proxy, for example
  return (await response.json()) as Problem;
}

function wait(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

function parametersOf(values: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  if (given.length === 0) return "";
  return `?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]))}`;
}

async function* inChunks<T>(items: Iterable<T> | AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
