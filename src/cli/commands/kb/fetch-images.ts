import { type Command, InvalidArgumentError } from "commander";
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
    .description("fetch the entities' pictures from Wikimedia Commons into an images folder, once")
    .addOption(kbOption())
    .requiredOption("--output <dir>", "the images folder, the one that --images of the other commands names")
    .requiredOption("--contact <who>", "your mail address or page, which Wikimedia wants to be told", oneLine)
    .option("--rate <n>", "pictures a second at most", number(0.001), 1)
    .option("--width <pixels>", "larger pictures come made smaller", integer(16), 640)
    .option("--max-bytes <n>", "longest picture", integer(1), 20 << 20)
    .option("--first-only", "only the first picture of each entity")
    .option(
      "--from <address>",
      "a mirror in place of https://commons.wikimedia.org/wiki/Special:FilePath/",
      webFolder,
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Example:
  mmel kb fetch-images --kb ./people --output ./images --contact me@example.org

What is there already is not fetched again: after an interruption run the same command once more.`,
    )
    .action((options: FetchImagesOptions) => fetchAll(context, options));
}

const SHOWN = 10;

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
      progress.update(fetched + present + missing + failed, `${fetched} fetched, ${missing} not on Commons`),
    onFailure: (error, { id }) => {
      if (++failures <= SHOWN) note(context, `${error.code}: ${id}: ${error.message}`);
    },
  });
  progress[Symbol.dispose]();
  if (report.failed > 0) context.setExitCode(EXIT.failed);
  const { fetched, present, missing, failed, bytes } = report;
  await print(
    context,
    options.json
      ? `${JSON.stringify(report)}\n`
      : `${fetched} pictures fetched (${(bytes / 1e6).toFixed(1)} MB) into ${folder}, ${present} were there, ${missing} are not on Commons, ${failed} failed\n`,
  );
}

function oneLine(text: string): string {
  if (/^[\x20-\x7e]{3,200}$/.test(text)) return text;
  throw new InvalidArgumentError("a mail address or the address of a page.");
}

function webFolder(text: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text.endsWith("/") ? text : `${text}/`;
  throw new InvalidArgumentError("an address such as https://mirror.example/files/.");
}
