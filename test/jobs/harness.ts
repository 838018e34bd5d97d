import { writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll } from "vitest";
import { type Caption, type CaptionLinks, MmelError } from "../../src/core/index.js";
import { linkLines, readCaptions } from "../../src/formats/index.js";
import {
  type JobQueue,
  linkedLines,
  openQueue,
  rejectedLines,
  type SubmissionStatus,
  status,
  submitCaptions,
  type Worked,
  type WorkOptions,
  work,
} from "../../src/jobs/index.js";
import type { LinkAllOptions, LinkResult } from "../../src/linker/index.js";
import { captionOf } from "../cli/harness.js";
import { type Cluster, startCluster } from "../support/postgres.js";

const NO_PATIENCE = { patienceMs: 0 };

/** A server for the tests of a file; each test creates a database. */
export function clusterForTests(): () => Cluster {
  let cluster: Cluster | undefined;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster?.stop());
  return () => cluster!;
}

export interface Submitting {
  readonly chunk?: number;
  readonly label?: string;
  readonly signal?: AbortSignal;
  readonly patience?: { readonly patienceMs: number };
  /** Replaces reading the captions of the file. */
  readonly read?: () => ReturnType<typeof readCaptions>;
}

export async function submit(queue: JobQueue, file: string, options: Submitting = {}) {
  const { chunk: chunkSize = 4, read = () => readCaptions(file), ...rest } = options;
  const rejected: string[] = [];
  const submitted = await submitCaptions(queue, read, {
    file,
    format: "jsonl",
    offsets: "utf16",
    chunkSize,
    patience: NO_PATIENCE,
    onRejected: async ({ error }) => {
      rejected.push(error.code);
    },
    ...rest,
  });
  return { ...submitted, codes: rejected };
}

/** Writes a file of captions with these texts and the ids `0`, `1`, …; the only mention of each is its whole text. */
export async function captionFile(path: string, texts: readonly string[]): Promise<string> {
  await writeFile(path, texts.map((text, at) => `${JSON.stringify(captionOf(String(at), text))}\n`).join(""));
  return path;
}

/** A linker that links every mention to NIL; `before` runs before each caption. */
export function fakeLinker(
  before: (caption: Caption, signal?: AbortSignal) => void | Promise<void> = () => {},
  kb = "none@1",
) {
  const names = { model: "fake@1", kb };
  return {
    ...names,
    async *linkAll<Given extends Caption>(
      captions: Iterable<Given> | AsyncIterable<Given>,
      { signal }: LinkAllOptions = {},
    ): AsyncGenerator<LinkResult<Given>> {
      for await (const caption of captions) {
        if (signal?.aborted) throw new MmelError("ABORTED", { what: "interrupted" });
        await before(caption, signal);
        const error = new MmelError("CAPTION_INVALID", { what: "no way", where: "somewhere" });
        if (caption.text === "unlinkable") yield { caption, error };
        else yield { caption, links: linksOf(caption, names) };
      }
    },
    close: async () => {},
  };
}

export function linksOf(caption: Caption, names = { model: "fake@1", kb: "none@1" }): CaptionLinks {
  const mentions = caption.mentions.map(({ text, span }) => ({
    text,
    ...span,
    outcome: "nil" as const,
    entity: null,
    probability: null,
    candidates: [],
  }));
  return { id: caption.id, mentions, ...names };
}

export function working(queue: JobQueue, options: Partial<WorkOptions> = {}): Promise<Worked> {
  return work(queue, {
    openLinker: async () => fakeLinker(),
    settings: {},
    untilEmpty: true,
    signal: new AbortController().signal,
    graceMs: 0,
    patienceMs: 0,
    silentMs: 2000,
    pollMs: 20,
    onNote: () => {},
    ...options,
  });
}

export async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

/** Ids of the linked captions, in the order of the results. */
export async function linkedIds({ database }: JobQueue, submission: string): Promise<string[]> {
  const all = await collect(linkedLines(database, submission, NO_PATIENCE));
  return all.map((line) => (JSON.parse(line) as { id: string }).id);
}

export async function rejects({ database }: JobQueue, submission: string) {
  const all = await collect(rejectedLines(database, submission, NO_PATIENCE));
  return all.map((line) => JSON.parse(line) as { line: number; id?: string; code: string; error: string });
}

export async function statusOf({ database }: JobQueue, submission: string): Promise<SubmissionStatus> {
  const { submissions } = await status(database, submission);
  return submissions[0]!;
}

export const openTestQueue = (url: string): Promise<JobQueue> =>
  openQueue(url, { create: true, patience: NO_PATIENCE });

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(10);
}

/** The lines that linking the file without a queue would write. */
export const expectedLines = async (file: string): Promise<string[]> => {
  const captions: CaptionLinks[] = [];
  for await (const read of readCaptions(file)) if (read.kind === "record") captions.push(linksOf(read.value));
  return collect(linkLines(captions));
};
