import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { MmelError } from "../../core/index.js";
import type { Limits } from "../../server/index.js";
import { type Context, note, onHangup, print } from "../context.js";
import { createDemoKb } from "../demo-kb.js";
import {
  candidatesOption,
  coverageOption,
  defined,
  integer,
  maxUploadOption,
  port,
  strictTypesOption,
  uploadLimit,
} from "../options.js";
import { type PictureOptions, withPictureOptions } from "../pictures.js";
import { version } from "../program.js";

interface ServeOptions extends PictureOptions {
  readonly kb?: string;
  readonly catalogues?: string;
  readonly model?: string;
  readonly candidates: number;
  readonly coverage?: number;
  readonly strictTypes?: boolean;
  readonly host: string;
  readonly port: number;
  readonly tokens?: string;
  readonly insecure?: boolean;
  readonly cors?: string[];
  readonly allowHost?: string[];
  readonly fetchImages?: boolean;
  readonly trustProxy?: boolean;
  readonly rateLimit?: number;
  readonly queue?: number;
  readonly timeout?: number;
  readonly maxBody?: number;
  readonly maxUpload?: number;
  readonly logLevel?: "debug" | "info" | "warn" | "error" | "silent";
  readonly logTexts?: boolean;
  readonly watch: number;
}

export function installServe(program: Command, context: Context): void {
  withPictureOptions(program.command("serve"))
    .description("Serve a knowledge base over HTTP, with a web page for linking and reviewing captions")
    .option("--kb <target>", "knowledge base: a folder or postgres://… (default: the demo)")
    .option(
      "--catalogues <dir>",
      "folder of catalogues that the page can also open, and that callers on this machine or with an admin token can import, update and delete",
    )
    .option(
      "--model <name|dir>",
      "a bundled model (see `mmel models list`) or a checkpoint folder (default: the bundled default model)",
    )
    .addOption(candidatesOption())
    .addOption(coverageOption())
    .addOption(strictTypesOption())
    .option(
      "--host <address>",
      "IP address or host name to listen on; if other machines can reach it, --tokens or --insecure is required",
      "127.0.0.1",
    )
    .option("--port <n>", "port to listen on; 0 for any free port", port, 8080)
    .option(
      "--tokens <file>",
      "file of access tokens, with lines `link SECRET` or `admin SECRET`; a secret has at least 16 characters (or set MMEL_TOKENS)",
    )
    .option("--insecure", "allow other machines to connect without tokens")
    .option("--cors <origin...>", "origins of other web pages that may call the service")
    .option(
      "--allow-host <name...>",
      "additional host names under which clients may call the service, for example behind a proxy",
    )
    .option("--trust-proxy", "trust the X-Forwarded-For header of the proxy")
    .option("--fetch-images", "fetch pictures by URL from the public internet")
    .option(
      "--rate-limit <n>",
      "maximum requests per minute per client address; 0 for no limit (default: 0, or 600 if --host is not 127.0.0.1)",
      integer(0),
    )
    .option(
      "--queue <n>",
      "maximum number of captions that are waiting or being linked (default: 512)",
      integer(1),
    )
    .option(
      "--timeout <seconds>",
      "time limit for a response, or for one caption of a stream (default: 60)",
      integer(1),
    )
    .option(
      "--max-body <MiB>",
      "maximum size of a JSON request or of one line of a stream, without pictures, in MiB (default: 1)",
      integer(1),
    )
    .addOption(maxUploadOption())
    .option(
      "--watch <seconds>",
      "time between checks for a new version of the knowledge base; 0: only on SIGHUP or POST /v1/admin/reload",
      integer(0),
      5,
    )
    .addOption(
      new Option("--log-level <level>", "lowest level to log (default: info, or warn on a terminal)").choices(
        ["debug", "info", "warn", "error", "silent"],
      ),
    )
    .option("--log-texts", "log URLs with their parameters, which include search texts")
    .addHelpText(
      "after",
      `
Examples:
  mmel serve                                     with the knowledge base of the demo
  mmel serve --kb ./people
  mmel serve --kb ./people --images ./pictures --port 9000
  mmel serve --kb ./people --host 0.0.0.0 --tokens ./tokens
  mmel serve --kb ./people --catalogues ./catalogues`,
    )
    .action((options: ServeOptions) => serve(context, options));
}

async function serve(context: Context, options: ServeOptions): Promise<void> {
  const { startServer } = await import("../../server/index.js");
  await using demo = options.kb === undefined ? await createDemoKb(context.signal) : undefined;
  if (demo !== undefined)
    note(
      context,
      `no --kb given: serving the ${demo.manifest.entities} entities of the demo from the temporary folder ${demo.folder}`,
    );
  const { candidates, coverage, strictTypes = false, host, port, model, imageEncoder } = options;
  const { cors, allowHost, insecure, fetchImages, trustProxy } = options;
  const tokens = await tokensOf(options.tokens);
  await using server = await startServer({
    ...{ kb: options.kb ?? demo!.kb, candidates, strictTypes, host, port, version: version() },
    ...defined({ images: options.images ?? demo?.images, features: options.features ?? demo?.features }),
    ...defined({ model, coverage, imageEncoder, tokens, cors, insecure, fetchImages, trustProxy }),
    ...defined({ allowHosts: allowHost, catalogues: options.catalogues }),
    limits: limitsOf(options),
    watchSeconds: options.kb === undefined ? 0 : options.watch,
    log: {
      level: options.logLevel ?? (context.stderr.isTTY ? "warn" : "info"),
      texts: options.logTexts ?? false,
    },
    onBadPicture: (error) => note(context, `${error.code}: ${error.message}`),
  });
  using _hangup = onHangup(context, () => void server.reload().catch(() => {})); // the service logs the error
  await print(context, `${server.url} serves ${server.kb()} with ${server.model}\n`);
  if (!context.signal.aborted) await once(context.signal, "abort");
  note(context, "finishing accepted requests; press Ctrl-C again to stop immediately");
}

function limitsOf({ rateLimit, queue, timeout, maxBody, maxUpload, host }: ServeOptions): Partial<Limits> {
  const ratePerMinute = rateLimit ?? (host === "127.0.0.1" ? 0 : 600);
  const jsonBytes = maxBody === undefined ? undefined : maxBody * 2 ** 20;
  const bodyBytes = jsonBytes === undefined ? undefined : jsonBytes + PICTURE_BYTES;
  const limits = defined({ queue, answerSeconds: timeout, jsonBytes, bodyBytes });
  return { ratePerMinute, ...limits, ...uploadLimit(maxUpload) };
}

/** Bytes that a request body may have in addition to `--max-body`, for the pictures in it. */
const PICTURE_BYTES = 15 * 2 ** 20;

/**
 * Reads the tokens from a file, or from MMEL_TOKENS if no file is given. Tokens are not accepted as command-line
 * options, because other users of the machine can see the command line. Throws `FILE_NOT_FOUND` if the file cannot be
 * read.
 */
async function tokensOf(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return process.env.MMEL_TOKENS;
  return await readFile(file, "utf8").catch((cause: unknown) => {
    throw new MmelError("FILE_NOT_FOUND", { what: "the token file cannot be read", where: file, cause });
  });
}
