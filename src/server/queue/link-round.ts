import { type Caption, MmelError } from "../../core/index.js";
import type { Linker } from "../../linker/index.js";
import type { Job } from "./job.js";

/**
 * Links waiting captions of one kind, from the first on and in their order, until none waits or the next is of another
 * kind. An error that is no single caption's fault stops the round: one that was alone gets it, several are put back to
 * be tried one by one. Returns how many captions were answered; never throws.
 */
export async function linkRound(linker: Linker, waiting: Job[], running: Job[]): Promise<number> {
  const { key, options, alone } = waiting[0]!;
  let taken = 0;
  let answered = 0;
  const fits = (next: Job | undefined): next is Job =>
    next !== undefined && next.key === key && (taken === 0 || (!alone && !next.alone));
  function* feed(): Generator<Caption> {
    while (fits(waiting[0])) {
      const job = waiting.shift()!;
      running.push(job);
      taken += 1;
      yield job.caption;
    }
  }
  try {
    for await (const { links, error } of linker.linkAll(feed(), options)) {
      const job = running.shift();
      if (error !== undefined) job?.reject(error);
      else {
        job?.resolve(links);
        answered += 1;
      }
    }
    if (running.length > 0) throw new MmelError("INTERNAL", { what: "captions came out of no batch" });
  } catch (error) {
    const left = running.splice(0).filter((job) => !job.left);
    if (left.length === 1) left[0]!.reject(error);
    else for (const job of left.reverse()) waiting.unshift(Object.assign(job, { alone: true }));
  }
  return answered;
}
