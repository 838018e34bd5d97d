import type { Command } from "commander";
import { writeAtomically, writeLines } from "../../../formats/index.js";
import type { SubmissionStatus } from "../../../jobs/index.js";
import { type Context, note } from "../../context.js";
import { EXIT } from "../../exit.js";
import { rejectsOption } from "../../options.js";
import { openJobs, patienceOf, type QueueChoice, queueOption } from "./queue.js";

interface ResultsChoice extends QueueChoice {
  readonly output?: string;
  readonly rejects?: string;
}

export function installResults(jobs: Command, context: Context): void {
  jobs
    .command("results")
    .description("the links so far, in the order of the submitted captions")
    .argument(
      "[submission]",
      "its id or the beginning of it, or the file's name; needless when there is only one",
    )
    .addOption(queueOption())
    .option("--output <file>", "write there instead of to standard output")
    .addOption(rejectsOption())
    .addHelpText(
      "after",
      `
The lines are those that \`mmel link\` writes. Exits with 1 while captions are missing, and when some have no links.

Example:
  mmel jobs results 3f9c --queue postgres://linker@db/jobs --output links.jsonl --rejects rejects.jsonl`,
    )
    .action((submission: string | undefined, options: ResultsChoice) =>
      writeResults(context, submission, options),
    );
}

async function writeResults(
  context: Context,
  asked: string | undefined,
  options: ResultsChoice,
): Promise<void> {
  const { findSubmission, linkedLines, rejectedLines, status } = await import("../../../jobs/index.js");
  const patience = patienceOf(context);
  await using queue = await openJobs(context, options);
  const { database } = queue;
  const submission = await findSubmission(database, asked);
  const { submissions } = await status(database, submission);
  const links = linkedLines(database, submission, patience);
  if (options.output === undefined) await writeLines(context.stdout, links);
  else await writeAtomically(options.output, links);
  if (options.rejects !== undefined)
    await writeAtomically(options.rejects, rejectedLines(database, submission, patience));
  remark(context, submissions[0]!, options);
}

/** Says what the results lack. */
function remark(context: Context, of: SubmissionStatus, { rejects }: ResultsChoice): void {
  const missing = of.captions - of.done;
  const without = of.rejected + of.aside + of.unread;
  if (missing + without > 0 || of.state === "loading") context.setExitCode(EXIT.failed);
  if (of.state === "loading") note(context, `submission ${of.id} was cut off: submit its file again`);
  else if (missing > 0) {
    const why = of.state === "cancelled" ? "were cancelled" : "are not linked yet";
    note(context, `incomplete: ${missing} of ${of.captions} captions ${why}`);
  }
  if (without === 0) return;
  const parts = [
    of.unread > 0 && `${of.unread} lines were no captions`,
    of.rejected > 0 && `${of.rejected} captions cannot be linked`,
    of.aside > 0 && `${of.aside} failed again and again (mmel jobs retry ${of.id} tries them once more)`,
  ].filter((part) => part !== false);
  note(
    context,
    `${parts.join(", ")}; ${rejects === undefined ? "--rejects FILE says why" : `see ${rejects}`}`,
  );
}
