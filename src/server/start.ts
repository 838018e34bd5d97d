import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import type { FastifyInstance } from "fastify";
import { type DisposableStack, withDisposables } from "../core/disposable-stack.js";
import { MmelError } from "../core/index.js";
import { openStore } from "../kb/index.js";
import { createLinker } from "../linker/index.js";
import { openPictures, type Pictures, realFolder } from "../pictures/index.js";
import { createApp } from "./app.js";
import { fetchImage } from "./images/fetch-image.js";
import { createUploads, type Uploads } from "./images/uploads.js";
import { LIMITS, type Limits } from "./limits.js";
import { createLinkQueue } from "./link-queue.js";
import type { LogOptions } from "./log.js";
import { createMetrics } from "./metrics.js";
import { type CallerRules, checkBind, isLoopback } from "./security/access.js";
import { parseTokens } from "./security/tokens.js";

export interface ServerOptions {
  readonly kb: string;
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
  readonly version: string;
}

/** A running service. */
export interface Server extends AsyncDisposable {
  readonly url: string;
  readonly model: string;
  readonly kb: string;
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
  const store = opened.use(await openStore(options.kb));
  const uploads = opened.use(await createUploads(limits.imageBytes));
  const images = options.images === undefined ? undefined : await realFolder(options.images);
  const pictures = opened.use(await openServedPictures(options, uploads, images));
  const linker = opened.use(
    await createLinker({
      kb: store,
      images: pictures,
      strictTypes,
      ...(model !== undefined && { model }),
      ...(candidates !== undefined && { candidates }),
      coverage,
    }),
  );
  const closing = new AbortController();
  const metrics = createMetrics(() => queue.depth());
  const queue = createLinkQueue(linker, limits.queue, { onRound: metrics.round });
  const app = await createApp(
    {
      linker,
      store,
      queue,
      uploads,
      metrics,
      limits,
      closing: closing.signal,
      ...(images !== undefined && { images }),
      ...(options.fetchImages && {
        fetchImage: (address, signal) => fetchImage(address, { maxBytes: limits.imageBytes, signal }),
      }),
    },
    {
      version: options.version,
      log: options.log ?? { level: "info" },
      tokens,
      caller: callerRules(options, host, tokens.count),
      trustProxy: options.trustProxy ?? false,
    },
  );
  const url = await listen(app, host, port);
  let closed: Promise<void> | undefined;
  const shutDown = async (): Promise<void> => {
    closing.abort();
    await app.close();
    await queue.close();
    await opened[Symbol.asyncDispose]();
  };
  const close = (): Promise<void> => {
    closed ??= shutDown();
    return closed;
  };
  return { url, model: linker.model, kb: linker.kb, close, [Symbol.asyncDispose]: close };
}

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
  { folder, locate }: Uploads,
  images: string | undefined,
): Promise<Pictures> {
  return openPictures({ images: images ?? folder, features, encoder, onBad, locate });
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
