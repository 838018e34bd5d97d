import { once } from "node:events";
import type { Command } from "commander";
import { type Context, note, print } from "../context.js";
import { integer } from "../options.js";
import { version } from "../version.js";

interface ServeOptions {
  readonly kb: string;
  readonly model?: string;
  readonly images?: string;
  readonly candidates: number;
  readonly host: string;
  readonly port: number;
}

export function installServe(program: Command, context: Context): void {
  program
    .command("serve")
    .description("serve a knowledge base over HTTP, with a page to link and review captions in a browser")
    .requiredOption("--kb <target>", "the knowledge base: a folder made by `mmel kb import`")
    .option("--model <name|dir>", "a bundled model (`mmel models list`) or a checkpoint folder")
    .option("--images <dir>", "folder below which the pictures of captions and entities lie")
    .option("--candidates <n>", "candidates a mention", integer(1), 100)
    .option("--host <address>", "where it listens", "127.0.0.1")
    .option("--port <n>", "0: any that is free", integer(0), 8080)
    .addHelpText(
      "after",
      `
Examples:
  mmel serve --kb ./people
  mmel serve --kb ./people --images ./pictures --port 9000`,
    )
    .action((options: ServeOptions) => serve(context, options));
}

async function serve(context: Context, { kb, model, images, ...options }: ServeOptions): Promise<void> {
  const { startServer } = await import("../../server/index.js");
  await using server = await startServer({
    kb,
    ...(model !== undefined && { model }),
    ...(images !== undefined && { images }),
    ...options,
    version: version(),
  });
  await print(context, `${server.url} serves ${server.kb} with ${server.model}\n`);
  if (!context.signal.aborted) await once(context.signal, "abort");
  note(context, "finishing what was accepted; once more to stop at once");
}
