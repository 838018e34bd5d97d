import { type Command, InvalidArgumentError } from "commander";
import { counted } from "../../../core/index.js";
import { type Context, note, print } from "../../context.js";
import { EXIT } from "../../exit.js";
import { integer, jsonOption, kbOption, number } from "../../options.js";
import { createProgress } from "../../progress.js";

interface FetchImagesOptions {
  readonly kb: string;
  readonly output: string;
  readonly contact: string;
  readonly rate: number;
  readonly width: number;
  readonly maxBytes: number;
  readonly firstOnly?: boolean;
  readonly from?: string;
  readonly json?: boolean;
}

export function installFetchImages(kb: Command, context: Context): void {
  kb.command("fetch-images")
    .description("Download the pictures of entities from Wikimedia Commons")
    .addOption(kbOption())
    .requiredOption("--output <dir>", "folder for the pictures; pass it as --images to other commands")
    .requiredOption(
      "--contact <address>",
      "your e-mail address or web page, which Wikimedia requires",
      oneLine,
    )
    .option("--rate <n>", "maximum pictures per second", number(0.001), 1)
    .option("--width <pixels>", "maximum width; larger pictures are scaled down", integer(16), 640)
    .option("--max-bytes <n>", "maximum size of a picture file, in bytes", integer(1), 20 << 20)
    .option("--first-only", "download only the first picture of each entity")
    .option(
      "--from <url>",
      "mirror to use instead of https://commons.wikimedia.org/wiki/Special:FilePath/",
      webFolder,
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Example:
  mmel kb fetch-images --kb ./people --output ./images --contact me@example.org

Existing pictures are not downloaded again: after an interruption, run the same command again.`,
    )
    .action((options: FetchImagesOptions) => fetchAll(context, options));
}

const MAX_NOTES = 10;

async function fetchAll(context: Context, options: FetchImagesOptions): Promise<void> {
  const { openStore } = await import("../../../kb/index.js");
  const { fetchImages } = await import("../../../datasets/commons/index.js");
  await using store = await openStore(options.kb, { signal: context.signal });
  using progress = createProgress(context, "pictures");
  const { output: folder, contact, rate, width, maxBytes, firstOnly = false, from } = options;
  let failures = 0;
  const report = await fetchImages(store.all({ signal: context.signal }), {
    ...{ folder, contact, rate, width, maxBytes, firstOnly, signal: context.signal },
    ...(from !== undefined && { from }),
    onProgress: ({ fetched, present, missing, failed }) =>
      progress.update(
        fetched + present + missing + failed,
        `${fetched} downloaded, ${missing} not on Commons`,
      ),
    onFailure: (error, { id }) => {
      if (++failures <= MAX_NOTES) note(context, `${error.code}: ${id}: ${error.message}`);
    },
  });
  progress[Symbol.dispose]();
  if (report.failed > 0) context.setExitCode(EXIT.failed);
  const { fetched, present, missing, failed, bytes } = report;
  await print(
    context,
    options.json
      ? `${JSON.stringify(report)}\n`
      : `Downloaded ${counted(fetched, "picture")} (${(bytes / 1e6).toFixed(1)} MB) to ${folder}; ${present} already present, ${missing} not on Commons, ${failed} failed.\n`,
  );
}

function oneLine(text: string): string {
  if (/^[\x20-\x7e]{3,200}$/.test(text)) return text;
  throw new InvalidArgumentError("an e-mail address or the URL of a page.");
}

function webFolder(text: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text.endsWith("/") ? text : `${text}/`;
  throw new InvalidArgumentError("a URL such as https://mirror.example/files/.");
}
