import type { Command } from "commander";
import type { OffsetUnit } from "../../../core/index.js";
import { formatOf, readCaptions } from "../../../formats/index.js";
import type { Submitted } from "../../../jobs/index.js";
import { type Context, note, print } from "../../context.js";
import { countLines, openInput, refuseOverwriting } from "../../input.js";
import { integer, jsonOption, offsetsOption, onErrorOption, rejectsOption } from "../../options.js";
import { createProgress } from "../../progress.js";
import { openJobs, patienceOf, type QueueChoice, queueOption } from "./queue.js";

interface SubmitChoice extends QueueChoice {
  readonly chunk: number;
  readonly label?: string;
  readonly offsets: OffsetUnit;
  readonly onError: "skip" | "fail";
  readonly rejects?: string;
  readonly json?: boolean;
}

export function installSubmit(jobs: Command, context: Context): void {
  jobs
    .command("submit")
    .description("give a file of captions to the workers; the same file again changes nothing")
    .argument("<file>", "captions, JSON Lines or CSV, also .gz")
    .addOption(queueOption())
    .option("--chunk <n>", "captions a job", integer(1), 1000)
    .option("--label <text>", "to submit the same file once more, for instance for another model")
    .addOption(offsetsOption())
    .addOption(onErrorOption())
    .addOption(rejectsOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
The captions themselves go to the database; the file is not needed any more. A submission that was cut off is gone on
with by the same command, and workers see it when it is whole.

Example:
  mmel jobs submit captions.jsonl --queue postgres://linker@db/jobs`,
    )
    .action((file: string, options: SubmitChoice) => submit(context, file, options));
}

async function submit(context: Context, file: string, options: SubmitChoice): Promise<void> {
  const { offsets, chunk, label } = options;
  const { signal } = context;
  await refuseOverwriting([file], { "--rejects": options.rejects });
  const { submitCaptions } = await import("../../../jobs/index.js");
  await using queue = await openJobs(context, options, { create: true });
  await using input = await openInput(context, options);
  using progress = createProgress(context, "captions", await countLines(context, file));
  const read = () => readCaptions(file, { offsets, signal, onWarning: (warning) => note(context, warning) });
  const submitted = await submitCaptions(queue, read, {
    file,
    format: formatOf(file),
    offsets,
    label,
    chunkSize: chunk,
    signal,
    patience: patienceOf(context),
    onRejected: (rejected) => input.reject(rejected),
    onProgress: progress.update,
  });
  progress[Symbol.dispose]();
  await print(context, options.json ? `${JSON.stringify(reportOf(submitted))}\n` : sentence(submitted));
}

const reportOf = ({ before, ...of }: Submitted) => ({
  ...of,
  existing: before === "open" || before === "cancelled",
});

function sentence({ submission, captions, rejected, before, cancelled }: Submitted): string {
  const what = `${captions} captions${rejected > 0 ? `, ${rejected} lines rejected` : ""}`;
  if (cancelled)
    return `submission ${submission} is cancelled: ${what}; mmel jobs retry ${submission} goes on with it\n`;
  return `submission ${submission}${before === "open" ? " was there already" : ""}: ${what}\n`;
}
