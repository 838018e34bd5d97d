import type { Command } from "commander";
import { type Context, print } from "../../context.js";
import { jsonOption } from "../../options.js";
import { openJobs, type QueueChoice, queueOption } from "./queue.js";

export function installRetry(jobs: Command, context: Context): void {
  jobs
    .command("retry")
    .description("put to work again what was set aside or cancelled")
    .argument(
      "[submission]",
      "its id or the beginning of it, or the file's name; needless when there is only one",
    )
    .addOption(queueOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  mmel jobs retry 3f9c --queue postgres://linker@db/jobs")
    .action((submission: string | undefined, options: QueueChoice & { json?: boolean }) =>
      retrySubmission(context, submission, options),
    );
}

async function retrySubmission(
  context: Context,
  asked: string | undefined,
  options: QueueChoice & { json?: boolean },
): Promise<void> {
  const { findSubmission, retry } = await import("../../../jobs/index.js");
  await using queue = await openJobs(context, options);
  const submission = await findSubmission(queue.database, asked);
  const retried = await retry(queue, submission);
  await print(
    context,
    options.json
      ? `${JSON.stringify({ submission, ...retried })}\n`
      : `submission ${submission}: ${retried.aside} captions that were set aside and ${retried.cancelled} that were cancelled wait for workers again\n`,
  );
}
