import type { Command } from "commander";
import { type Context, print } from "../../context.js";
import { jsonOption } from "../../options.js";
import { openJobs, type QueueChoice, queueOption } from "./queue.js";

export function installCancel(jobs: Command, context: Context): void {
  jobs
    .command("cancel")
    .description("take back what is not linked yet; what is linked stays")
    .argument(
      "[submission]",
      "its id or the beginning of it, or the file's name; needless when there is only one",
    )
    .addOption(queueOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  mmel jobs cancel 3f9c --queue postgres://linker@db/jobs")
    .action((submission: string | undefined, options: QueueChoice & { json?: boolean }) =>
      cancelSubmission(context, submission, options),
    );
}

async function cancelSubmission(
  context: Context,
  asked: string | undefined,
  options: QueueChoice & { json?: boolean },
): Promise<void> {
  const { cancel, findSubmission } = await import("../../../jobs/index.js");
  await using queue = await openJobs(context, options);
  const submission = await findSubmission(queue.database, asked);
  const captions = await cancel(queue, submission);
  const outcome =
    captions === 0
      ? "nothing is left to cancel"
      : `${captions} captions cancelled; mmel jobs retry ${submission} goes on with them`;
  await print(
    context,
    options.json
      ? `${JSON.stringify({ submission, cancelled: captions })}\n`
      : `submission ${submission}: ${outcome}\n`,
  );
}
