import { once } from "node:events";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { MmelError } from "../../core/index.js";
import type { Server } from "../../server/index.js";
import { openBrowser } from "../browser.js";
import { type Context, note, print } from "../context.js";
import { createDemoKb, type DemoKb } from "../demo-kb.js";
import { defined, maxUploadOption, port, uploadLimit } from "../options.js";
import { type PictureOptions, withPictureOptions } from "../pictures.js";
import { version } from "../program.js";

interface OpenOptions extends PictureOptions {
  readonly kb?: string;
  readonly model?: string;
  readonly port?: number;
  readonly home?: string;
  readonly browser: boolean;
  readonly maxUpload?: number;
}

export function installOpen(program: Command, context: Context): void {
  withPictureOptions(program.command("open"))
    .description("Open the web page for importing catalogues, linking and reviewing captions, in the browser")
    .option(
      "--kb <target>",
      "knowledge base to start with: a folder or postgres://… (default: the one used last, at first the demo)",
    )
    .option(
      "--model <name|dir>",
      "a bundled model (see `mmel models list`) or a checkpoint folder (default: the bundled default model)",
    )
    .option("--port <n>", "port to listen on (default: 8080, or another one if it is in use)", port)
    .option(
      "--home <dir>",
      "folder for the catalogues that the page creates (default: MMEL_HOME, or mmel in the user's data folder)",
    )
    .option("--no-browser", "only print the address")
    .addOption(maxUploadOption())
    .addHelpText(
      "after",
      `
In a terminal, \`mmel\` without a command does the same. The service listens on this machine only, and stops at Ctrl-C.

Examples:
  mmel open
  mmel open --kb ./people --images ./pictures`,
    )
    .action((options: OpenOptions) => open(context, options));
}

async function open(context: Context, options: OpenOptions): Promise<void> {
  const { isServerUrl } = await import("../../postgres/index.js");
  const { homeFolder, runningService, writeLast, writeRunning } = await import("../home.js");
  const home = homeFolder(options.home);
  const show = async (url: string): Promise<void> => {
    if (options.browser) await openBrowser(context, url);
  };
  await using demo = await createDemoKb(context.signal);
  await using server = await start(context, options, home, demo).catch(async (error: unknown) => {
    const url = isInUse(error) && options.kb === undefined ? await runningService(home) : undefined;
    if (url === undefined) throw error;
    await print(context, `${url} is already running\n`);
    await show(url);
    return undefined;
  });
  if (server === undefined) return;
  await writeRunning(home, server.url);
  const { kb } = options;
  if (kb !== undefined && !isServerUrl(kb)) await writeLast(home, { kb: resolve(kb) });
  await print(context, `${server.url} serves ${server.kb()} with ${server.model}\n`);
  await show(server.url);
  note(context, "press Ctrl-C to stop");
  if (!context.signal.aborted) await once(context.signal, "abort");
  note(context, "finishing accepted requests; press Ctrl-C again to stop immediately");
}

/**
 * Starts the service with `--kb`, else with the knowledge base used last, else with the demo. The demo also replaces a
 * knowledge base used last that cannot be opened.
 */
async function start(context: Context, options: OpenOptions, home: string, demo: DemoKb): Promise<Server> {
  const { startServer } = await import("../../server/index.js");
  const { cataloguesIn, readLast, writeLast } = await import("../home.js");
  const { images = demo.images, features = join(home, "features"), model, imageEncoder } = options;
  const port = options.port ?? (await freePort(8080));
  const serve = (kb: string): Promise<Server> =>
    startServer({
      ...{ kb, images, features, port, version: version() },
      ...defined({ model, imageEncoder }),
      catalogues: cataloguesIn(home),
      others: kb === demo.kb ? [] : [{ name: "demo", target: demo.kb }],
      onImported: (catalogue) => writeLast(home, { catalogue }),
      limits: uploadLimit(options.maxUpload),
      watchSeconds: 5,
      log: { level: context.stderr.isTTY ? "warn" : "info" },
      onBadPicture: (error) => note(context, `${error.code}: ${error.message}`),
    });
  if (options.kb !== undefined) return await serve(options.kb);
  const last = await readLast(home);
  if (last === undefined) return await serve(demo.kb);
  try {
    return await serve("kb" in last ? last.kb : join(cataloguesIn(home), last.catalogue));
  } catch (error) {
    if (!(error instanceof MmelError) || !error.code.startsWith("KB_") || isInUse(error)) throw error;
    note(
      context,
      `starting with the demo, because the last knowledge base cannot be opened: ${error.message}`,
    );
    return await serve(demo.kb);
  }
}

const isInUse = (error: unknown): boolean => error instanceof MmelError && error.code === "KB_BUSY";

/** Returns `preferred` if no program uses this port, and otherwise 0, for which the system chooses a free port. */
async function freePort(preferred: number): Promise<number> {
  const probe = createServer();
  try {
    probe.listen(preferred, "127.0.0.1");
    await once(probe, "listening");
    return preferred;
  } catch {
    return 0;
  } finally {
    probe.close();
  }
}
