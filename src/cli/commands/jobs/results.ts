import type { Command } from "commander";
import { counted } from "../../../core/index.js";
import { writeAtomically } from "../../../formats/output.js";
import type { SubmissionStatus } from "../../../jobs/index.js";
import { type Context, note, printLines } from "../../context.js";
import { EXIT } from "../../exit.js";
import { rejectsOption } from "../../options.js";
import { openJobs, patienceOf, type QueueOptions, queueOption, SUBMISSION } from "./queue.js";

interface ResultsOptions extends QueueOptions {
  readonly output?: string;
  readonly rejects?: string;
}

export function installResults(jobs: Command, context: Context): void {
  jobs
    .command("results")
    .description("Write the links found so far, in the order of the submitted captions")
    .argument("[submission]", SUBMISSION)
    .addOption(queueOption())
    .option("--output <file>", "file to write (default: standard output)")
    .addOption(rejectsOption())
    .addHelpText(
      "after",
      `
The lines are identical to the output of \`mmel link\`. The exit code is 1 if any caption in the file has no links.

Example:
  mmel jobs results 3f9c --queue postgres://linker@db/jobs --output links.jsonl --rejects rejects.jsonl`,
    )
    .action((submission: string | undefined, options: ResultsOptions) =>
      writeResults(context, submission, options),
    );
}

async function writeResults(
  context: Context,
  asked: string | undefined,
  options: ResultsOptions,
): Promise<void> {
  const { findSubmission, linkedLines, rejectedLines, status } = await import("../../../jobs/index.js");
  const patience = patienceOf(context);
  await using queue = await openJobs(context, options);
  const { database } = queue;
  const submission = await findSubmission(database, asked);
  const { submissions } = await status(database, submission);
  const links = linkedLines(database, submission, patience);
  if (options.output === undefined) await printLines(context, links);
  else await writeAtomically(options.output, links);
  if (options.rejects !== undefined)
    await writeAtomically(options.rejects, rejectedLines(database, submission, patience));
  noteMissing(context, submissions[0]!, options);
}

/**
 * Prints notes about captions without links. Sets the exit code to 1 if there are such captions, or if the submission
 * is incomplete.
 */
function noteMissing(context: Context, submission: SubmissionStatus, { rejects }: ResultsOptions): void {
  const { id, state, captions, done, rejected, aside, unread } = submission;
  const missing = captions - done;
  const withoutLinks = rejected + aside + unread;
  if (missing + withoutLinks > 0 || state === "loading") context.setExitCode(EXIT.failed);
  if (state === "loading") note(context, `submission ${id} is incomplete: submit its file again`);
  else if (missing > 0) {
    const reason = state === "cancelled" ? "cancelled" : "not linked yet";
    note(context, `incomplete: ${missing} of ${counted(captions, "caption")} ${reason}`);
  }
  if (withoutLinks === 0) return;
  const counts = [
    unread > 0 && counted(unread, "line is not a valid caption", "lines are not valid captions"),
    rejected > 0 && `${counted(rejected, "caption")} cannot be linked`,
    aside > 0 && `${counted(aside, "caption")} failed repeatedly (\`mmel jobs retry ${id}\` retries them)`,
  ].filter((count) => count !== false);
  const details = rejects === undefined ? "use --rejects FILE to save their errors" : `see ${rejects}`;
  note(context, `${counts.join(", ")}; ${details}`);
}
