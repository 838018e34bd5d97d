import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { resolve } from "node:path";
import type { FastifyInstance } from "fastify";
import { type DisposableStack, withDisposables } from "../core/disposable-stack.js";
import { MmelError } from "../core/index.js";
import { currentManifest, type EntityStore } from "../kb/index.js";
import { createLinker } from "../linker/index.js";
import { loadModel } from "../models/registry.js";
import { openPictures, type Pictures, realFolder } from "../pictures/index.js";
import { createApp } from "./app.js";
import { type NamedBase, openCatalogues } from "./catalogues/catalogues.js";
import { type CatalogueFolder, catalogueName, freeName, openCatalogueFolder } from "./catalogues/folder.js";
import { createImports } from "./catalogues/imports.js";
import { createTableReader } from "./catalogues/table-reader.js";
import { fetchImage } from "./images/fetch-image.js";
import { createUploads, type Uploads } from "./images/uploads.js";
import type { KbVersion, Reloaded } from "./knowledge.js";
import { LIMITS, type Limits } from "./limits.js";
import { createLinkQueue } from "./link-queue.js";
import type { LogOptions } from "./log.js";
import { createMetrics } from "./metrics.js";
import { type CallerRules, checkBind, checkWriter, isLoopback } from "./security/access.js";
import { parseTokens } from "./security/tokens.js";
import type { Service } from "./service.js";
import { reloadCatalogue, watchKnowledge } from "./watch.js";

export interface ServerOptions {
  /** The default knowledge base: a folder or a `postgres://` URL. */
  readonly kb: string;
  /**
   * Folder of catalogues that requests can choose, import, update and delete. It is created if necessary. Without it,
   * there is only the default.
   */
  readonly catalogues?: string;
  /** Other knowledge bases that requests can choose, but not change. Their names must be valid (see `isCatalogueName`). */
  readonly others?: readonly NamedBase[];
  /** Called after an import or update of a catalogue in the folder. */
  readonly onImported?: (catalogue: string) => Promise<void>;
  readonly model?: string;
  readonly images?: string;
  readonly candidates?: number;
  /** See `PartsOptions`. */
  readonly coverage?: number;
  /** Default for requests without `strictTypes`. See `LinkerOptions`. */
  readonly strictTypes?: boolean;
  /** Folder for stored image vectors (see `PicturesOptions`). */
  readonly features?: string;
  readonly imageEncoder?: string;
  readonly onBadPicture?: (error: MmelError) => void;
  /**
   * Address to listen on (default 127.0.0.1). An address that other machines can reach requires tokens or `insecure`.
   */
  readonly host?: string;
  /** Port to listen on (default 8080); 0 picks a free port. */
  readonly port?: number;
  readonly limits?: Partial<Limits>;
  /** Token lines in the format of `parseTokens`. If there is at least one token, callers must send a token. */
  readonly tokens?: string;
  readonly insecure?: boolean;
  /** Origins whose pages may call the service. */
  readonly cors?: readonly string[];
  /**
   * Host names to accept in addition to the names of this machine. Without this option, a service that has tokens and
   * that other machines can reach accepts every host name, unless `insecure` is set.
   */
  readonly allowHosts?: readonly string[];
  /** Whether to fetch pictures from the URLs in `imageUrl` (default false). */
  readonly fetchImages?: boolean;
  readonly trustProxy?: boolean;
  readonly log?: LogOptions;
  /** Seconds between two checks for a new version of the knowledge base; 0 or absent for no checks. */
  readonly watchSeconds?: number;
  readonly version: string;
}

/** A running service. */
export interface Server extends AsyncDisposable {
  readonly url: string;
  readonly model: string;
  /** Returns `NAME@VERSION` of the knowledge base that new requests use. */
  readonly kb: () => string;
  /**
   * Uses the newest version of the knowledge base for new requests, and returns its `NAME@VERSION`. If the version cannot
   * be opened, logs the error, throws it and keeps the old version.
   */
  reload(): Promise<string>;
  /** Stops accepting requests and waits until all accepted requests are answered. */
  close(): Promise<void>;
}

/**
 * Opens a knowledge base and a model and serves them over HTTP. Throws `CONFIG` if the service cannot listen on the
 * address, if a token line is invalid, or if other machines can reach the address but there are no tokens and
 * `insecure` is not set. Also throws the errors of `createLinker`.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  return withDisposables((opened) => serve(options, opened));
}

async function serve(options: ServerOptions, opened: DisposableStack): Promise<Server> {
  const {
    host = "127.0.0.1",
    port = 8080,
    candidates,
    coverage,
    strictTypes = false,
    model,
    insecure = false,
  } = options;
  const tokens = parseTokens(options.tokens ?? "", "the tokens");
  checkBind(host, { tokens: tokens.count, insecure });
  const limits = { ...LIMITS, ...options.limits };
  const uploads = opened.use(await createUploads(limits.imageBytes));
  const images = options.images === undefined ? undefined : await realFolder(options.images);
  const pictures = opened.use(await openServedPictures(options, uploads, images));
  const shared = opened.use(await loadModel(model, { images: pictures.open }));
  const closing = new AbortController();
  const metrics = createMetrics({
    depth: () => depthOf(catalogues.open()),
    open: () => catalogues.open(),
  });
  const link = async (store: EntityStore): Promise<Pick<KbVersion, "linker" | "queue">> => {
    const linker = await createLinker({
      kb: store,
      images: pictures,
      model: shared,
      strictTypes,
      maxDetected: limits.mentions,
      ...(candidates !== undefined && { candidates }),
      coverage,
    });
    const elsewhere = (): number => depthOf(catalogues.open().filter((other) => other.store !== store));
    return { linker, queue: createLinkQueue(linker, limits.queue, { onRound: metrics.round, elsewhere }) };
  };
  const folder =
    options.catalogues === undefined ? undefined : opened.use(await openCatalogueFolder(options.catalogues));
  const fixed = await fixedBases(options, folder);
  const catalogues = opened.use(
    await openCatalogues(fixed[0]!, {
      link,
      maxOpen: limits.catalogues,
      async find(name) {
        const target = fixed.find((base) => base.name === name)?.target;
        return target ?? ((await folder?.find(name)) && folder?.pathOf(name));
      },
    }),
  );
  const { onImported = async () => {} } = options;
  const imports =
    folder === undefined
      ? undefined
      : opened.use(
          createImports({
            async onDone(catalogue) {
              await reloadCatalogue(service, catalogue, app.log);
              await onImported(catalogue);
            },
            onFailed: ({ id, catalogue, error }) =>
              app.log.warn({ import: id, catalogue, err: error }, "the import failed"),
          }),
        );
  const service: Service = {
    catalogues,
    fixed,
    ...(folder !== undefined && { folder }),
    ...(imports !== undefined && { imports }),
    tables: opened.use(createTableReader(limits.answerSeconds)),
    staging: folder?.staging ?? uploads.folder,
    uploads,
    metrics,
    limits,
    checkWriter: (request) => checkWriter(request, tokens),
    closing: closing.signal,
    ...(images !== undefined && { images }),
    ...(options.fetchImages && {
      fetchImage: (address, signal) => fetchImage(address, { maxBytes: limits.imageBytes, signal }),
    }),
  };
  const app = await createApp(service, {
    version: options.version,
    log: options.log ?? { level: "info" },
    tokens,
    caller: callerRules(options, host, tokens.count),
    trustProxy: options.trustProxy ?? false,
  });
  const reload = async (): Promise<Reloaded> =>
    (await reloadCatalogue(service, catalogues.defaultName, app.log)) as Reloaded; // the default is always open
  const url = await listen(app, host, port);
  const reloadAll = (): Promise<unknown> =>
    Promise.all([...catalogues.inUse().keys()].map((name) => reloadCatalogue(service, name, app.log)));
  const watch = options.watchSeconds ? watchKnowledge(reloadAll, options.watchSeconds) : undefined;
  let closed: Promise<void> | undefined;
  const shutDown = async (): Promise<void> => {
    watch?.[Symbol.dispose]();
    closing.abort();
    await app.close();
    await opened[Symbol.asyncDispose]();
  };
  const close = (): Promise<void> => {
    closed ??= shutDown();
    return closed;
  };
  return {
    url,
    model: catalogues.current().linker.model,
    kb: () => catalogues.current().kb,
    reload: async () => (await reload()).kb,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * Returns the default, followed by the other knowledge bases that the service does not change. A default in the folder
 * keeps its name there; another gets a name from its title that no catalogue of the folder has.
 */
async function fixedBases(
  { kb, others = [] }: ServerOptions,
  folder: CatalogueFolder | undefined,
): Promise<readonly NamedBase[]> {
  const stored = (await folder?.list()) ?? [];
  const inFolder = stored.find(({ name }) => resolve(folder!.pathOf(name)) === resolve(kb));
  if (inFolder !== undefined) return [{ name: inFolder.name, target: kb }, ...others];
  const taken = new Set([...stored, ...others].map(({ name }) => name));
  const { name: title } = await currentManifest(kb);
  return [{ name: freeName(catalogueName(title), (name) => taken.has(name)), target: kb }, ...others];
}

const depthOf = (versions: readonly KbVersion[]): number =>
  versions.reduce((sum, { queue }) => sum + queue.depth(), 0);

function callerRules(
  { cors = [], allowHosts = [], insecure }: ServerOptions,
  host: string,
  tokens: number,
): CallerRules {
  // With tokens, DNS rebinding is harmless: the attacking page has no token.
  const anyHost = allowHosts.length === 0 && tokens > 0 && !isLoopback(host) && !insecure;
  return {
    origins: new Set(cors),
    hosts: anyHost ? undefined : new Set(["localhost", host, hostname(), ...allowHosts].map(lower)),
    localTools: isLoopback(host),
  };
}

const lower = (name: string): string => name.toLowerCase();

/**
 * Opens a source of pictures that finds uploaded pictures and, if there is an images folder, the pictures in this
 * folder.
 */
async function openServedPictures(
  { features, imageEncoder: encoder, onBadPicture: onBad }: ServerOptions,
  { folder, locate, isUpload: isTemporary }: Uploads,
  images: string | undefined,
): Promise<Pictures> {
  return openPictures({ images: images ?? folder, features, encoder, onBad, locate, isTemporary });
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const { code = "" } = cause as NodeJS.ErrnoException;
    const isPort = code === "EADDRINUSE" || code === "EACCES";
    throw new MmelError("CONFIG", {
      what: `cannot listen on ${host} port ${port} (${code})`,
      expected: "an address that belongs to this machine and a free port",
      hint: isPort ? "Use `--port 0` to pick a free port." : "Use another `--host`, such as 127.0.0.1.",
      cause,
    });
  }
  const { address, port: bound } = app.server.address() as AddressInfo;
  return `http://${address.includes(":") ? `[${address}]` : address}:${bound}`;
}
