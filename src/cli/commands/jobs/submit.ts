import type { Command } from "commander";
import { counted } from "../../../core/index.js";
import type { Submitted } from "../../../jobs/index.js";
import { type CaptionFlags, captionReader, withCaptionOptions } from "../../captions.js";
import { type Context, print } from "../../context.js";
import { countLines, openInput, refuseOverwriting } from "../../input.js";
import { integer, jsonOption } from "../../options.js";
import { createProgress } from "../../progress.js";
import { openJobs, patienceOf, type QueueOptions, queueOption } from "./queue.js";

interface SubmitOptions extends QueueOptions, CaptionFlags {
  readonly chunk: number;
  readonly label?: string;
  readonly json?: boolean;
}

export function installSubmit(jobs: Command, context: Context): void {
  withCaptionOptions(jobs.command("submit"))
    .description(
      "Submit a file of captions to the workers; a file that was submitted completely is not submitted again",
    )
    .argument("<file>", "captions as JSON Lines, CSV, TSV or Excel (XLSX), optionally gzipped")
    .addOption(queueOption())
    .option("--chunk <n>", "captions per job", integer(1), 1000)
    .option(
      "--label <text>",
      "submit the same file again under this label, for example to link it with a different model",
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
The captions are copied to the database, so the file is not needed afterwards. To continue an interrupted submission,
run the same command again. Workers start when the submission is complete.

Example:
  mmel jobs submit captions.jsonl --queue postgres://linker@db/jobs`,
    )
    .action((file: string, options: SubmitOptions) => submit(context, file, options));
}

async function submit(context: Context, file: string, options: SubmitOptions): Promise<void> {
  const { offsets, chunk, label } = options;
  const { signal } = context;
  await refuseOverwriting([file], { "--rejects": options.rejects });
  const { read, formatOf, mapping } = await captionReader(context, options, [file]);
  const { submitCaptions } = await import("../../../jobs/index.js");
  await using queue = await openJobs(context, options, { create: true });
  await using input = openInput(context, options);
  await input.begin();
  using progress = createProgress(context, "captions", await countLines(context, file));
  const submitted = await submitCaptions(queue, () => read(file), {
    file,
    format: formatOf(file),
    offsets,
    mapping,
    label,
    chunkSize: chunk,
    signal,
    patience: patienceOf(context),
    onRejected: (rejected) => input.reject(rejected),
    onProgress: progress.update,
  });
  progress[Symbol.dispose]();
  await print(context, options.json ? `${JSON.stringify(reportOf(submitted))}\n` : textOf(submitted));
}

const reportOf = ({ before, ...rest }: Submitted) => ({
  ...rest,
  existing: before === "open" || before === "cancelled",
});

function textOf({ submission, captions, rejected, before, cancelled }: Submitted): string {
  const counts = `${counted(captions, "caption")}${rejected > 0 ? `, ${counted(rejected, "line")} rejected` : ""}`;
  if (cancelled)
    return `Submission ${submission} is cancelled: ${counts}. Run \`mmel jobs retry ${submission}\` to continue it.\n`;
  return `Submission ${submission}${before === "open" ? " already exists" : ""}: ${counts}.\n`;
}
