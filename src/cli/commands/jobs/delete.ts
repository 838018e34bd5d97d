import type { Command } from "commander";
import { type Context, print } from "../../context.js";
import { jsonOption } from "../../options.js";
import { openJobs, type QueueChoice, queueOption } from "./queue.js";

export function installDelete(jobs: Command, context: Context): void {
  jobs
    .command("delete")
    .description("remove a submission that is done, cancelled or cut off, with its captions and links")
    .argument("<submission>", "its id or the beginning of it, or the file's name")
    .addOption(queueOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  mmel jobs delete 3f9c --queue postgres://linker@db/jobs")
    .action((submission: string, options: QueueChoice & { json?: boolean }) =>
      removeSubmission(context, submission, options),
    );
}

async function removeSubmission(
  context: Context,
  asked: string,
  options: QueueChoice & { json?: boolean },
): Promise<void> {
  const { deleteSubmission, findSubmission } = await import("../../../jobs/index.js");
  await using queue = await openJobs(context, options);
  const submission = await findSubmission(queue.database, asked);
  await deleteSubmission(queue, submission);
  await print(
    context,
    options.json
      ? `${JSON.stringify({ submission, deleted: true })}\n`
      : `submission ${submission} is removed\n`,
  );
}
