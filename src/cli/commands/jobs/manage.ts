import type { Command } from "commander";
import { counted } from "../../../core/index.js";
import { type Context, print } from "../../context.js";
import { jsonOption } from "../../options.js";
import { openJobs, type QueueOptions, queueOption, SUBMISSION } from "./queue.js";

interface ManageOptions extends QueueOptions {
  readonly json?: boolean;
}

export function installCancel(jobs: Command, context: Context): void {
  jobs
    .command("cancel")
    .description("Cancel the captions of a submission that are not linked yet; finished links are kept")
    .argument("[submission]", SUBMISSION)
    .addOption(queueOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  mmel jobs cancel 3f9c --queue postgres://linker@db/jobs")
    .action((submission: string | undefined, options: ManageOptions) =>
      cancelSubmission(context, submission, options),
    );
}

async function cancelSubmission(
  context: Context,
  name: string | undefined,
  options: ManageOptions,
): Promise<void> {
  const { cancel, findSubmission } = await import("../../../jobs/index.js");
  await using queue = await openJobs(context, options);
  const submission = await findSubmission(queue.database, name);
  const captions = await cancel(queue, submission);
  const outcome =
    captions === 0
      ? "nothing left to cancel"
      : `cancelled ${counted(captions, "caption")}. Run \`mmel jobs retry ${submission}\` to continue`;
  await print(
    context,
    options.json
      ? `${JSON.stringify({ submission, cancelled: captions })}\n`
      : `Submission ${submission}: ${outcome}.\n`,
  );
}

export function installRetry(jobs: Command, context: Context): void {
  jobs
    .command("retry")
    .description("Retry the failed and cancelled captions of a submission")
    .argument("[submission]", SUBMISSION)
    .addOption(queueOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  mmel jobs retry 3f9c --queue postgres://linker@db/jobs")
    .action((submission: string | undefined, options: ManageOptions) =>
      retrySubmission(context, submission, options),
    );
}

async function retrySubmission(
  context: Context,
  name: string | undefined,
  options: ManageOptions,
): Promise<void> {
  const { findSubmission, retry } = await import("../../../jobs/index.js");
  await using queue = await openJobs(context, options);
  const submission = await findSubmission(queue.database, name);
  const retried = await retry(queue, submission);
  await print(
    context,
    options.json
      ? `${JSON.stringify({ submission, ...retried })}\n`
      : `Submission ${submission}: queued ${retried.aside} failed and ${retried.cancelled} cancelled captions again.\n`,
  );
}

export function installDelete(jobs: Command, context: Context): void {
  jobs
    .command("delete")
    .description("Delete a submission that is done, cancelled or incomplete, with its captions and links")
    .argument("<submission>", "id of the submission, the beginning of its id, its file name, or its label")
    .addOption(queueOption())
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  mmel jobs delete 3f9c --queue postgres://linker@db/jobs")
    .action((submission: string, options: ManageOptions) => removeSubmission(context, submission, options));
}

async function removeSubmission(context: Context, name: string, options: ManageOptions): Promise<void> {
  const { deleteSubmission, findSubmission } = await import("../../../jobs/index.js");
  await using queue = await openJobs(context, options);
  const submission = await findSubmission(queue.database, name);
  await deleteSubmission(queue, submission);
  await print(
    context,
    options.json
      ? `${JSON.stringify({ submission, deleted: true })}\n`
      : `Deleted submission ${submission}.\n`,
  );
}
