import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { MmelError } from "../../core/index.js";
import type { Limits } from "../../server/index.js";
import { type Context, note, print } from "../context.js";
import { integer } from "../options.js";
import { type PictureOptions, withPictureOptions } from "../pictures.js";
import { version } from "../version.js";

interface ServeOptions extends PictureOptions {
  readonly kb?: string;
  readonly model?: string;
  readonly candidates: number;
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
  readonly logLevel?: "debug" | "info" | "warn" | "error" | "silent";
  readonly logTexts?: boolean;
}

export function installServe(program: Command, context: Context): void {
  withPictureOptions(program.command("serve"))
    .description("serve a knowledge base over HTTP, with a page to link and review captions in a browser")
    .option("--kb <target>", "the knowledge base, made by `mmel kb import` (default: the demo's)")
    .option("--model <name|dir>", "a bundled model (`mmel models list`) or a checkpoint folder")
    .option("--candidates <n>", "candidates a mention", integer(1), 100)
    .option("--host <address>", "where it listens; one that others reach needs --tokens", "127.0.0.1")
    .option("--port <n>", "0: any that is free", integer(0), 8080)
    .option("--tokens <file>", "who may call: lines of `link SECRET` or `admin SECRET` (or in MMEL_TOKENS)")
    .option("--insecure", "listen where others reach it without tokens")
    .option("--cors <origin...>", "pages of other origins that may call")
    .option("--allow-host <name...>", "names that it goes by behind a proxy")
    .option("--trust-proxy", "believe X-Forwarded-For of the proxy in front")
    .option("--fetch-images", "fetch pictures from addresses of the public internet")
    .option(
      "--rate-limit <n>",
      "requests an address and minute; 0: any (default: 0, or 600 with --host)",
      integer(0),
    )
    .option("--queue <n>", "captions that may wait (512)", integer(1))
    .option("--timeout <seconds>", "for an answer (60)", integer(1))
    .addOption(
      new Option("--log-level <level>", "default: info, or warn on a terminal").choices([
        "debug",
        "info",
        "warn",
        "error",
        "silent",
      ]),
    )
    .option("--log-texts", "log addresses with their parameters too, and so what was searched")
    .addHelpText(
      "after",
      `
Examples:
  mmel serve                                     the demo's knowledge base, to look around
  mmel serve --kb ./people
  mmel serve --kb ./people --images ./pictures --port 9000
  mmel serve --kb ./people --host 0.0.0.0 --tokens ./tokens`,
    )
    .action((options: ServeOptions) => serve(context, options));
}

async function serve(context: Context, options: ServeOptions): Promise<void> {
  const { startServer } = await import("../../server/index.js");
  await using demo = options.kb === undefined ? await demoKnowledge(context) : undefined;
  const { candidates, host, port, model, imageEncoder } = options;
  const { cors, allowHost, insecure, fetchImages, trustProxy } = options;
  const tokens = await tokensOf(options.tokens);
  await using server = await startServer({
    ...{ kb: options.kb ?? demo!.kb, candidates, host, port, version: version() },
    ...defined({ images: options.images ?? demo?.images, features: options.features ?? demo?.features }),
    ...defined({ model, imageEncoder, tokens, cors, insecure, fetchImages, trustProxy }),
    ...defined({ allowHosts: allowHost }),
    limits: limitsOf(options),
    log: {
      level: options.logLevel ?? (context.stderr.isTTY ? "warn" : "info"),
      texts: options.logTexts ?? false,
    },
    onBadPicture: (error) => note(context, `${error.code}: ${error.message}`),
  });
  await print(context, `${server.url} serves ${server.kb} with ${server.model}\n`);
  if (!context.signal.aborted) await once(context.signal, "abort");
  note(context, "finishing what was accepted; once more to stop at once");
}

interface DemoKnowledge extends AsyncDisposable {
  readonly kb: string;
  readonly images: string;
  readonly features: string;
}

/** The demo's knowledge base in a temporary folder that goes when the service ends. */
async function demoKnowledge(context: Context): Promise<DemoKnowledge> {
  const { importKb } = await import("../../linker/index.js");
  const { DEMO_IMAGES, demoEntities } = await import("../demo-files.js");
  const folder = await mkdtemp(join(tmpdir(), "mmel-demo-"));
  const kb = join(folder, "kb");
  const { entities } = await importKb(kb, demoEntities(), { name: "demo", signal: context.signal });
  note(context, `no --kb: the ${entities} entities of the demo, in ${folder} until the service ends`);
  return {
    kb,
    images: DEMO_IMAGES,
    features: join(folder, "vectors"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function limitsOf({ rateLimit, queue, timeout, host }: ServeOptions): Partial<Limits> {
  const ratePerMinute = rateLimit ?? (host === "127.0.0.1" ? 0 : 600);
  return { ratePerMinute, ...defined({ queue, answerSeconds: timeout }) };
}

/** Tokens come from a file or the environment, never from the command line, which others on the machine can read. */
async function tokensOf(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return process.env.MMEL_TOKENS;
  return await readFile(file, "utf8").catch((cause: unknown) => {
    throw new MmelError("FILE_NOT_FOUND", { what: "cannot read the tokens", where: file, cause });
  });
}

/** The fields that have a value. */
function defined<T extends object>(fields: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };
}
