import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import type { FastifyInstance } from "fastify";
import { MmelError } from "../core/index.js";
import { openStore } from "../kb/index.js";
import { createLinker } from "../linker/index.js";
import { folderOf, openPictures, type Pictures } from "../pictures/index.js";
import { createApp } from "./app.js";
import { fetchImage } from "./images/fetch-image.js";
import { createUploads, type Uploads } from "./images/uploads.js";
import { LIMITS, type Limits } from "./limits.js";
import { createLinkQueue } from "./link-queue.js";
import type { LogOptions } from "./log.js";
import { createMetrics } from "./metrics.js";
import type { CallerRules } from "./security/access.js";
import { checkBind, isLoopback } from "./security/bind.js";
import { parseTokens } from "./security/tokens.js";

export interface ServerOptions {
  readonly kb: string;
  readonly model?: string;
  readonly images?: string;
  readonly candidates?: number;
  /** As `PicturesOptions`. */
  readonly features?: string;
  readonly imageEncoder?: string;
  readonly onBadPicture?: (error: MmelError) => void;
  /** 127.0.0.1; one that others reach needs tokens, or `insecure`. */
  readonly host?: string;
  /** 8080; 0: any that is free. */
  readonly port?: number;
  readonly limits?: Partial<Limits>;
  /** What `parseTokens` reads; callers need one of them if there are any. */
  readonly tokens?: string;
  readonly insecure?: boolean;
  /** Origins of pages that may call. */
  readonly cors?: readonly string[];
  /** Names that the service goes by, besides those of this machine. */
  readonly allowHosts?: readonly string[];
  /** Fetch pictures from addresses in `imageUrl` (false). */
  readonly fetchImages?: boolean;
  readonly trustProxy?: boolean;
  readonly log?: LogOptions;
  readonly version: string;
}

/** A service that listens. */
export interface Server extends AsyncDisposable {
  readonly url: string;
  readonly model: string;
  readonly kb: string;
  /** Takes on nothing more, and ends when all it accepted is answered. */
  close(): Promise<void>;
}

/** Opens a knowledge base and a model and serves them over HTTP. Errors as `createLinker`; `CONFIG`: it cannot listen there. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const opened: AsyncDisposable[] = [];
  const closeAll = async (): Promise<void> => {
    for (const part of opened.splice(0).reverse()) await part[Symbol.asyncDispose]();
  };
  try {
    return await serve(
      options,
      (part) => {
        opened.push(part);
        return part;
      },
      closeAll,
    );
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function serve(
  options: ServerOptions,
  own: <T extends AsyncDisposable>(part: T) => T,
  closeAll: () => Promise<void>,
): Promise<Server> {
  const { host = "127.0.0.1", port = 8080, candidates, model, insecure = false } = options;
  const tokens = parseTokens(options.tokens ?? "", "the tokens");
  checkBind(host, { tokens: tokens.count, insecure });
  const limits = { ...LIMITS, ...options.limits };
  const store = own(await openStore(options.kb));
  const uploads = own(await createUploads(limits.imageBytes));
  const images = options.images === undefined ? undefined : await folderOf(options.images);
  const pictures = own(await openServedPictures(options, uploads, images));
  const linker = own(
    await createLinker({
      kb: store,
      images: pictures,
      ...(model !== undefined && { model }),
      ...(candidates !== undefined && { candidates }),
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
  let ended: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    closing.abort();
    await app.close();
    await queue.close();
    await closeAll();
  };
  const close = (): Promise<void> => {
    ended ??= end();
    return ended;
  };
  return { url, model: linker.model, kb: linker.kb, close, [Symbol.asyncDispose]: close };
}

function callerRules(
  { cors = [], allowHosts = [], insecure }: ServerOptions,
  host: string,
  tokens: number,
): CallerRules {
  // Behind a token no page can do anything by a name of its own: it does not know the token.
  const anyName = allowHosts.length === 0 && tokens > 0 && !isLoopback(host) && !insecure;
  return {
    origins: new Set(cors),
    hosts: anyName ? undefined : new Set(["localhost", host, hostname(), ...allowHosts].map(lower)),
    localTools: isLoopback(host),
  };
}

const lower = (name: string): string => name.toLowerCase();

/** The folder of pictures, or the empty one of uploads alone. */
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
    throw new MmelError("CONFIG", {
      what: `cannot listen on ${host} port ${port} (${(cause as NodeJS.ErrnoException).code})`,
      expected: "an address of this machine and a port that is free",
      hint: "--port 0 for any that is free",
      cause,
    });
  }
  const { address, port: bound } = app.server.address() as AddressInfo;
  return `http://${address.includes(":") ? `[${address}]` : address}:${bound}`;
}
