import { realpath } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { MmelError } from "../core/index.js";
import { openStore } from "../kb/index.js";
import { createLinker } from "../linker/index.js";
import { createApp } from "./app.js";
import { LIMITS, type Limits } from "./limits.js";
import { createMetrics } from "./metrics.js";
import { createLinkQueue } from "./queue/link-queue.js";

export interface ServerOptions {
  readonly kb: string;
  readonly model?: string;
  readonly images?: string;
  readonly candidates?: number;
  /** 127.0.0.1 */
  readonly host?: string;
  /** 8080; 0: any that is free. */
  readonly port?: number;
  readonly limits?: Partial<Limits>;
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
  const { host = "127.0.0.1", port = 8080, candidates, model, images } = options;
  const limits = { ...LIMITS, ...options.limits };
  const store = own(await openStore(options.kb));
  const linker = own(
    await createLinker({
      kb: store,
      ...(model !== undefined && { model }),
      ...(images !== undefined && { images }),
      ...(candidates !== undefined && { candidates }),
    }),
  );
  let closing = false;
  const metrics = createMetrics(() => queue.depth());
  const queue = createLinkQueue(linker, limits.queue, { onRound: metrics.round });
  const service = {
    linker,
    store,
    queue,
    metrics,
    limits,
    ready: () => !closing,
    ...(images !== undefined && { images: await folderOf(images) }),
  };
  const app = await createApp(service, { version: options.version });
  const url = await listen(app, host, port);
  const close = async (): Promise<void> => {
    closing = true;
    await app.close();
    await queue.close();
    await closeAll();
  };
  return { url, model: linker.model, kb: linker.kb, close, [Symbol.asyncDispose]: close };
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

async function folderOf(images: string): Promise<string> {
  return await realpath(images).catch((cause: unknown) => {
    throw new MmelError("FILE_NOT_FOUND", { what: "no such folder", where: images, cause });
  });
}
