import type { Command } from "commander";
import { counted, MmelError } from "../../core/index.js";
import type { Worked } from "../../jobs/index.js";
import { type Context, note, onHangup } from "../context.js";
import { integer, withLinkerOptions } from "../options.js";
import { notePicturesUnused, openCommandPictures, type PictureOptions } from "../pictures.js";
import { createProgress } from "../progress.js";
import { openJobs, type QueueOptions, queueOption } from "./jobs/queue.js";

interface WorkerOptions extends QueueOptions, PictureOptions {
  readonly kb: string;
  readonly model?: string;
  readonly candidates: number;
  readonly coverage?: number;
  readonly collaborative: boolean;
  readonly strictTypes?: boolean;
  readonly topK: number;
  readonly detect?: boolean;
  readonly submission?: string;
  readonly untilEmpty?: boolean;
  readonly grace: number;
  readonly patience: number;
  readonly silence: number;
  readonly watch: number;
}

export function installWorker(program: Command, context: Context): void {
  withLinkerOptions(program.command("worker"))
    .description("Link submitted captions, together with any number of other workers")
    .addOption(queueOption())
    .option("--top-k <n>", "number of candidates to list per mention", integer(1), 5)
    .option("--detect", "detect the names in captions without mentions")
    .option(
      "--submission <id>",
      "link only this submission: its id, the beginning of its id, its file name, or its label",
    )
    .option("--until-empty", "exit when nothing is left to link")
    .option(
      "--grace <seconds>",
      "time for the worker to finish its job after Ctrl-C or SIGTERM",
      integer(0),
      30,
    )
    .option("--patience <seconds>", "time to wait for an unreachable server", integer(0), 600)
    .option(
      "--silence <seconds>",
      "time without a heartbeat after which another worker is considered dead",
      integer(1),
      15,
    )
    .option(
      "--watch <seconds>",
      "time between checks for a new version of the knowledge base; 0: only on SIGHUP",
      integer(0),
      5,
    )
    .addHelpText(
      "after",
      `
Run any number of workers on any number of machines. A worker that is stopped (Ctrl-C, SIGTERM) finishes its job, or
returns the unfinished captions to the queue. If a worker is killed, other workers take over its jobs. All workers of a
submission must use the same model, knowledge base and options. After an update of the knowledge base, a worker links
new submissions with the new version, and finishes submissions that were begun with the old one.

Example:
  mmel worker --queue postgres://linker@db/jobs --kb ./people`,
    )
    .action((options: WorkerOptions) => runWorker(context, options));
}

async function runWorker(context: Context, options: WorkerOptions): Promise<void> {
  const { findSubmission, work } = await import("../../jobs/index.js");
  const { createLinker } = await import("../../linker/index.js");
  const { candidates, topK, collaborative, strictTypes = false, detect = false } = options;
  const patienceMs = 1000 * options.patience;
  await using pictures = await openCommandPictures(context, options, null); // not cancelled: a stopped worker finishes its job
  const openLinker = async () => {
    const linker = await createLinker({
      kb: options.kb,
      ...(options.model !== undefined && { model: options.model }),
      ...(pictures !== undefined && { images: pictures }),
      candidates,
      coverage: options.coverage,
      topK,
      collaborative,
      strictTypes,
      detect,
      onNote: (remark) => note(context, remark),
    });
    notePicturesUnused(context, pictures, linker.model);
    return linker;
  };
  await using queue = await openJobs(context, options, { create: true, maintain: true, patienceMs });
  const submission =
    options.submission === undefined ? undefined : await findSubmission(queue.database, options.submission);
  using progress = createProgress(context, "captions");
  let checkAt = 0;
  using _hangup = onHangup(context, () => {
    checkAt = 0;
  });
  const newestKb = async (): Promise<string | undefined> => {
    if (performance.now() < checkAt) return undefined;
    checkAt = options.watch === 0 ? Number.POSITIVE_INFINITY : performance.now() + 1000 * options.watch;
    const { currentManifest } = await import("../../kb/index.js");
    const { name, version } = await currentManifest(options.kb, { signal: context.signal });
    return `${name}@${version}`;
  };
  const worked = await work(queue, {
    openLinker,
    newestKb,
    settings: { candidates, topK, collaborative, strictTypes, detect, images: options.images !== undefined },
    submission,
    untilEmpty: options.untilEmpty ?? false,
    signal: context.signal,
    graceMs: 1000 * options.grace,
    patienceMs,
    silentMs: 1000 * options.silence,
    onNote: (line) => note(context, line),
    onCaption: (captions) => progress.update(captions),
  });
  progress[Symbol.dispose]();
  note(context, `linked ${counted(worked.captions, "caption")} in ${counted(worked.jobs, "job")}`);
  if (context.signal.aborted) throw interrupted(worked);
}

const interrupted = ({ signedOff }: Worked): MmelError =>
  new MmelError("ABORTED", {
    what: signedOff
      ? "interrupted; the worker finished its jobs or returned them to the queue"
      : "interrupted while the server was unreachable; other workers take over its jobs",
  });
