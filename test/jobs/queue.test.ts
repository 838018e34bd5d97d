import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { appendFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeEach, expect, it } from "vitest";
import { MmelError } from "../../src/core/index.js";
import { readCaptions } from "../../src/formats/index.js";
import {
  cancel,
  deleteSubmission,
  findSubmission,
  type JobQueue,
  linkedLines,
  retry,
} from "../../src/jobs/index.js";
import { describePostgres } from "../support/postgres.js";
import { run } from "../support/postgres-given.js";
import {
  captionFile,
  clusterForTests,
  collect,
  expectedLines,
  fakeLinker,
  linkedIds,
  openTestQueue,
  rejects,
  statusOf,
  submit,
  until,
  working,
} from "./harness.js";

const folder = mkdtempSync(join(tmpdir(), "mmel-jobs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const texts = (count: number): string[] => Array.from({ length: count }, (_, at) => `caption ${at}`);

describePostgres("the job queue", () => {
  const cluster = clusterForTests();
  let url: string;
  let queue: JobQueue;
  let file: string;
  beforeEach(async () => {
    url = await cluster().createDatabase();
    queue = await openTestQueue(url);
    file = join(folder, "captions.jsonl");
    await captionFile(file, texts(30));
    return () => queue[Symbol.asyncDispose]();
  });
  /** Submits the file and interrupts it at a caption. */
  const interruptAt = async (place: number): Promise<void> => {
    const read = () =>
      readUntil(file, place, () => {
        throw new MmelError("ABORTED", { what: "interrupted" });
      });
    await expect(submit(queue, file, { read })).rejects.toMatchObject({ code: "ABORTED" });
  };
  const counts = async () => {
    const [row] = await run(
      url,
      `select (select count(*)::int from mmel_jobs.chunk) chunks, (select count(*)::int from mmel_jobs.piece) pieces,
         (select count(*)::int from mmel_boss.job) jobs, (select count(*)::int from mmel_jobs.outcome) outcomes`,
    );
    return row;
  };

  it("links a submission with the lines and the order of mmel link, including NUL characters", async () => {
    await captionFile(file, ["a \0 b", "ü 👍", ...texts(20)]);
    const { submission } = await submit(queue, file);
    const worked = await Promise.all([working(queue), working(queue), working(queue)]);
    expect(worked.reduce((sum, { captions }) => sum + captions, 0)).toBe(22);
    expect(await collect(linkedLines(queue.database, submission, { patienceMs: 0 }))).toEqual(
      await expectedLines(file),
    );
    expect(await statusOf(queue, submission)).toMatchObject({
      state: "done",
      captions: 22,
      done: 22,
      linked: 22,
    });
    expect(await counts()).toEqual({ chunks: 6, pieces: 6, jobs: 6, outcomes: 22 });
  });

  it("recognizes a file by its content, whatever its name and chunk size, and links nothing twice", async () => {
    const { submission } = await submit(queue, file);
    const other = await captionFile(join(folder, "again.jsonl"), texts(30));
    expect(await submit(queue, other, { chunk: 7 })).toMatchObject({
      submission,
      captions: 30,
      before: "open",
    });
    await working(queue);
    expect(await submit(queue, file)).toMatchObject({ submission, before: "open" });
    expect(await working(queue)).toMatchObject({ captions: 0, jobs: 0 });
    expect(await counts()).toEqual({ chunks: 8, pieces: 8, jobs: 8, outcomes: 30 });
    expect((await submit(queue, file, { label: "once more" })).submission).not.toBe(submission);
    await appendFile(file, "\n");
    expect((await submit(queue, file)).submission).not.toBe(submission);
  });

  it("continues a submission interrupted anywhere, and hides it from workers until it is complete", async () => {
    for (const cut of [0, 3, 11, 29]) {
      await interruptAt(cut);
      expect(await working(queue)).toMatchObject({ captions: 0, jobs: 0 });
    }
    const { submission, before } = await submit(queue, file, { chunk: 9 });
    expect(before).toBe("loading");
    expect(await counts()).toEqual({ chunks: 8, pieces: 8, jobs: 8, outcomes: 0 });
    await working(queue);
    expect(await linkedIds(queue, submission)).toEqual(texts(30).map((_, at) => String(at)));
  });

  it("neither cancels nor retries an incomplete submission, and loses nothing of it", async () => {
    await interruptAt(11);
    const submission = await findSubmission(queue.database, undefined);
    for (const change of [cancel, retry])
      await expect(change(queue, submission)).rejects.toMatchObject({
        code: "USAGE",
        message: expect.stringMatching(/is incomplete.*jobs submit.*jobs delete/),
      });
    expect(await statusOf(queue, submission)).toMatchObject({ state: "loading" });
    expect(await submit(queue, file)).toMatchObject({ before: "loading", cancelled: false });
    await working(queue);
    expect(await linkedIds(queue, submission)).toHaveLength(30);
  });

  it.each([
    ["cancelled", "update mmel_boss.job set state = 'cancelled'"],
    ["waiting", "update mmel_jobs.submission set state = 'open'"],
  ])("completes an incomplete submission that an earlier version opened: jobs %s", async (state, also) => {
    await interruptAt(11);
    const submission = await findSubmission(queue.database, undefined);
    await run(url, "update mmel_jobs.submission set state = 'cancelled'");
    await run(url, `update mmel_jobs.piece set state = '${state}'`);
    await run(url, also);
    expect(await statusOf(queue, submission)).toMatchObject({ state: "loading" });
    await expect(retry(queue, submission)).rejects.toMatchObject({ code: "USAGE" });
    expect(await submit(queue, file)).toMatchObject({ before: "loading", cancelled: false });
    await working(queue);
    expect(await statusOf(queue, submission)).toMatchObject({ state: "done", linked: 30 });
    expect(await linkedIds(queue, submission)).toEqual(texts(30).map((_, at) => String(at)));

    const { submission: other } = await submit(queue, file, { label: "other" });
    await run(url, "update mmel_jobs.submission set sealed = null");
    await deleteSubmission(queue, other);
  });

  it("reports that another process cancelled or removed the submission in the meantime", async () => {
    const meanwhile = (then: (submission: string) => Promise<unknown>, label: string) => () =>
      readUntil(file, 29, async () => then((await submit(queue, file, { label })).submission));
    const cancelled = meanwhile((id) => cancel(queue, id), "cancelled");
    expect(await submit(queue, file, { label: "cancelled", read: cancelled })).toMatchObject({
      cancelled: true,
    });
    const removed = meanwhile(async (id) => {
      await cancel(queue, id);
      await deleteSubmission(queue, id);
    }, "removed");
    await expect(submit(queue, file, { label: "removed", read: removed })).rejects.toMatchObject({
      code: "QUEUE_DENIED",
      message: expect.stringMatching(/removed in the meantime/),
    });
  });

  it("leaves a finished submission unchanged when it is cancelled", async () => {
    const { submission } = await submit(queue, file);
    await working(queue);
    expect(await cancel(queue, submission)).toBe(0);
    expect(await statusOf(queue, submission)).toMatchObject({ state: "done" });
    expect(await submit(queue, file)).toMatchObject({ before: "open", cancelled: false });
  });

  it("stores a file once when several processes submit it at once", async () => {
    const queues = await Promise.all([openTestQueue(url), openTestQueue(url), openTestQueue(url)]);
    const all = await Promise.all(queues.map((one) => submit(one, file)));
    for (const one of queues) await one[Symbol.asyncDispose]();
    expect(new Set(all.map(({ submission }) => submission)).size).toBe(1);
    expect(await counts()).toEqual({ chunks: 8, pieces: 8, jobs: 8, outcomes: 0 });
  });

  it("stores nothing of an empty file, a missing file or one that changes while it is read", async () => {
    await writeFile(file, "");
    await expect(submit(queue, file)).rejects.toMatchObject({ code: "FORMAT" });
    await captionFile(file, texts(30));
    const read = () => readUntil(file, 20, () => void appendFile(file, " "));
    await expect(submit(queue, file, { read })).rejects.toMatchObject({ code: "FORMAT" });
    await expect(submit(queue, folder)).rejects.toMatchObject({ code: "FILE_IS_DIRECTORY" });
    await expect(submit(queue, join(folder, "none"))).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    expect(await run(url, "select id from mmel_jobs.submission")).toEqual([]);
    expect(await counts()).toEqual({ chunks: 0, pieces: 0, jobs: 0, outcomes: 0 });
  });

  it("reports a reason and the line for each line and caption without links", async () => {
    await captionFile(file, ["one", "unlinkable", "three"]);
    await appendFile(file, '{"id":"bad"}\nnothing\n');
    const { submission, rejected, codes } = await submit(queue, file);
    expect({ rejected, codes }).toEqual({ rejected: 2, codes: ["CAPTION_INVALID", "FORMAT"] });
    await working(queue);
    expect(await linkedIds(queue, submission)).toEqual(["0", "2"]);
    const found = await rejects(queue, submission);
    expect(found.map(({ line, id, code }) => [line, id, code])).toEqual([
      [2, "1", "CAPTION_INVALID"],
      [4, "bad", "CAPTION_INVALID"],
      [5, undefined, "FORMAT"],
    ]);
    expect(found[0]!.error).toBe(`no way, ${file}, line 2`);
    expect(await statusOf(queue, submission)).toMatchObject({ done: 3, linked: 2, rejected: 1, unread: 2 });
  });

  it("sets aside only the captions that make linking fail, with their error, and retries them on request", async () => {
    await captionFile(file, texts(100).with(40, "poison").with(41, "poison").with(77, "poison"));
    const { submission } = await submit(queue, file, { chunk: 60 });
    const tried = { 40: 0, 41: 0, 77: 0 } as Record<string, number>;
    const openLinker = async () =>
      fakeLinker(({ id, text }) => {
        if (text !== "poison") return;
        tried[id]! += 1;
        throw new TypeError("cannot read properties of undefined");
      });
    await Promise.all([working(queue, { openLinker }), working(queue, { openLinker })]);
    const others = texts(100)
      .map((_, at) => String(at))
      .filter((id) => !(id in tried));
    expect(await linkedIds(queue, submission)).toEqual(others);
    const aside = (await rejects(queue, submission)).map(({ line, id, error }) => [line, id, error]);
    expect(aside).toEqual([
      [41, "40", `cannot read properties of undefined, ${file}, line 41`],
      [42, "41", `cannot read properties of undefined, ${file}, line 42`],
      [78, "77", `cannot read properties of undefined, ${file}, line 78`],
    ]);
    expect(await statusOf(queue, submission)).toMatchObject({ state: "done", aside: 3, linked: 97 });
    expect(Math.max(...Object.values(tried))).toBeLessThanOrEqual(7);

    expect(await retry(queue, submission)).toEqual({ aside: 3, cancelled: 0 });
    await working(queue);
    expect(await linkedIds(queue, submission)).toEqual(texts(100).map((_, at) => String(at)));
    expect(await rejects(queue, submission)).toEqual([]);
  });

  it("sets aside a caption that crashes its worker each time, and links its neighbors", async () => {
    await captionFile(file, ["one", "two", "crash", "four"]);
    const { submission } = await submit(queue, file);
    const script = new URL("crashing-worker.mjs", import.meta.url).pathname;
    await run(url, "update mmel_jobs.piece set failures = 1"); // as if a worker had crashed already, to save time
    let deaths = 0;
    for (let ended = false; !ended; )
      ended = await promisify(execFile)(process.execPath, [script, url]).then(
        () => true,
        () => ++deaths > 20,
      );
    expect(deaths).toBe(4);
    expect(await linkedIds(queue, submission)).toEqual(["0", "1", "3"]);
    expect(await rejects(queue, submission)).toMatchObject([
      { line: 3, id: "2", error: expect.stringMatching(/^the worker .* exited unexpectedly/) },
    ]);
  }, 180_000);

  it("reports the errors of the jobs that failed most often", async () => {
    const { submission } = await submit(queue, file, { chunk: 5 });
    await run(
      url,
      `update mmel_jobs.piece set failures = 1 + first / 5,
        failure = json_build_object('error', 'failed ' || 1 + first / 5 || ' times')`,
    );
    expect(await statusOf(queue, submission)).toMatchObject({
      errors: [6, 5, 4, 3, 2].map((failures) => `failed ${failures} times`),
    });
  });

  it("stores the linked part of a job when it is stopped, gives back the rest, and counts no failure", async () => {
    const { submission } = await submit(queue, file, { chunk: 10 });
    for (let round = 1; round <= 8; round++) {
      const stop = new AbortController();
      let seen = 0;
      const openLinker = async () => fakeLinker(() => void (++seen === 3 && stop.abort()));
      const worked = await working(queue, { openLinker, signal: stop.signal, untilEmpty: false });
      expect(worked.captions).toBe(3);
      expect(await statusOf(queue, submission)).toMatchObject({ done: 3 * round, jobs: { active: 0 } });
    }
    expect(await run(url, "select from mmel_jobs.piece where failures > 0")).toEqual([]);
    await working(queue);
    expect(await statusOf(queue, submission)).toMatchObject({ state: "done", captions: 30, linked: 30 });
    expect(await linkedIds(queue, submission)).toEqual(texts(30).map((_, at) => String(at)));
  });

  it("gives back a job that is stopped before its first caption is linked", async () => {
    const { submission } = await submit(queue, file, { chunk: 10 });
    const stop = new AbortController();
    const openLinker = async () =>
      fakeLinker(() => {
        stop.abort();
        throw new MmelError("ABORTED", { what: "interrupted" });
      });
    expect(await working(queue, { openLinker, signal: stop.signal })).toMatchObject({
      captions: 0,
      jobs: 0,
    });
    expect(await statusOf(queue, submission)).toMatchObject({ done: 0, jobs: { waiting: 3, active: 0 } });
  });

  it("finishes its job when it is stopped and has time left", async () => {
    const { submission } = await submit(queue, file, { chunk: 10 });
    const stop = new AbortController();
    const openLinker = async () => fakeLinker(() => stop.abort());
    const options = { openLinker, signal: stop.signal, graceMs: 30_000 };
    expect(await working(queue, options)).toMatchObject({ captions: 10, jobs: 1 });
    expect(await statusOf(queue, submission)).toMatchObject({
      done: 10,
      jobs: { waiting: 2, active: 0, done: 1 },
    });
  });

  it("cancels waiting and active jobs, keeps stored links, and continues on request", async () => {
    const { submission } = await submit(queue, file, { chunk: 10 });
    let cancelled = 0;
    const openLinker = async () =>
      fakeLinker(async ({ id }, signal) => {
        if (id !== "15") return;
        cancelled = await cancel(queue, submission);
        await until(() => signal?.aborted === true);
      });
    const worked = await working(queue, { openLinker, silentMs: 200 });
    expect(worked).toMatchObject({ captions: 10, jobs: 1 });
    expect(cancelled).toBe(20);
    expect(await statusOf(queue, submission)).toMatchObject({ state: "cancelled", done: 10 });
    expect(await linkedIds(queue, submission)).toHaveLength(10);
    expect(await submit(queue, file)).toMatchObject({ submission, before: "cancelled" });
    expect(await working(queue)).toMatchObject({ captions: 0, jobs: 0 });

    expect(await retry(queue, submission)).toEqual({ aside: 0, cancelled: 20 });
    await working(queue);
    expect(await linkedIds(queue, submission)).toEqual(texts(30).map((_, at) => String(at)));
  });

  it("stores nothing from a worker that was taken for dead and comes back", async () => {
    const { submission } = await submit(queue, file, { chunk: 30 });
    const notes: string[] = [];
    let asleep = true;
    const first = working(queue, {
      openLinker: async () => fakeLinker(({ id }) => (id === "20" ? until(() => !asleep) : undefined)),
      silentMs: 600_000,
      onNote: (note) => notes.push(note),
    });
    await until(async () => (await statusOf(queue, submission)).jobs.active === 1);
    await run(url, "update mmel_jobs.worker set seen = now() - interval '1 hour'");
    await working(queue, { silentMs: 300 });
    expect(await linkedIds(queue, submission)).toHaveLength(30);
    asleep = false;
    await first;
    expect(notes.join()).toMatch(/no longer belongs to this worker/);
    expect(await counts()).toMatchObject({ outcomes: 30, jobs: 1 });
  });

  it("never mixes links of two models in a submission, and reports the skipped submission", async () => {
    const { submission } = await submit(queue, file, { chunk: 10 });
    const stop = new AbortController();
    const openLinker = async () => fakeLinker(({ id }) => void (id === "9" && stop.abort()));
    await working(queue, { openLinker, signal: stop.signal, graceMs: 10_000 });
    const notes: string[] = [];
    await working(queue, { settings: { topK: 9 }, onNote: (note) => notes.push(note) });
    expect(notes.join()).toMatch(
      new RegExp(
        `^skipped submission ${submission}: other workers link it with .*, but this worker uses .*$`,
      ),
    );
    expect(await linkedIds(queue, submission)).toHaveLength(10);
    await working(queue);
    expect(await linkedIds(queue, submission)).toHaveLength(30);
  });

  it.each([
    ["an outcome", "trigger no before insert on mmel_jobs.outcome for each row when (new.place = 15)"],
    [
      "the job of pg-boss",
      "trigger no before update on mmel_boss.job for each row when (new.state = 'completed')",
    ],
    [
      "the row of the job",
      "trigger no before update on mmel_jobs.piece for each row when (new.state = 'done')",
    ],
    [
      "the commit",
      `constraint trigger no after update on mmel_jobs.piece deferrable initially deferred
       for each row when (new.state = 'done')`,
    ],
  ])(
    "stores outcomes and completion of a job together or not at all: the server rejects %s",
    async (_, trigger) => {
      const { submission } = await submit(queue, file, { chunk: 30 });
      await run(url, "create function no() returns trigger language plpgsql as 'begin raise ''no''; end'");
      await run(url, `create ${trigger} execute function no()`);
      await expect(working(queue)).rejects.toMatchObject({ code: "QUEUE_DENIED" });
      const state = await run(
        url,
        "select p.state piece, j.state::text job from mmel_jobs.piece p join mmel_boss.job j using (id)",
      );
      expect(state).toEqual([{ piece: "waiting", job: "retry" }]);
      expect(await linkedIds(queue, submission)).toEqual([]);
      await run(url, "drop function no() cascade");
      await working(queue);
      expect(await linkedIds(queue, submission)).toHaveLength(30);
    },
  );

  it("finishes a submission with the version that it was begun with, and links the next with the new one", async () => {
    const { submission: begun } = await submit(queue, file, { chunk: 10 });
    const { submission: next } = await submit(queue, file, { chunk: 10, label: "next" });
    let version = 1;
    const events: string[] = [];
    const openLinker = async () => {
      const kb = `none@${version}`;
      events.push(`open ${kb}`);
      const update = ({ id }: { id: string }): void => {
        if (id === "15") version = 2;
      };
      const close = async (): Promise<void> => {
        events.push(`close ${kb}`);
      };
      return { ...fakeLinker(update, kb), close };
    };
    const newestKb = async () => `none@${version}`;
    const notes: string[] = [];
    await working(queue, { openLinker, newestKb, onNote: (line) => notes.push(line) });
    for (const [submission, kb] of [
      [begun, "none@1"],
      [next, "none@2"],
    ] as const) {
      const lines = await collect(linkedLines(queue.database, submission, { patienceMs: 0 }));
      expect(lines.map((line) => (JSON.parse(line) as { kb: string }).kb)).toEqual(Array(30).fill(kb));
    }
    expect(events).toEqual(["open none@1", "open none@2", "close none@1", "close none@2"]);
    expect(notes).toEqual(["links new submissions with none@2"]);
  });

  it("keeps its version if the new one cannot be opened, and says so once", async () => {
    const { submission } = await submit(queue, file, { chunk: 5 });
    let opened = 0;
    const openLinker = async () => {
      if (++opened > 1) throw new MmelError("KB_DAMAGED", { what: "the file is missing" });
      return fakeLinker();
    };
    const notes: string[] = [];
    await working(queue, { openLinker, newestKb: async () => "none@2", onNote: (line) => notes.push(line) });
    expect(await linkedIds(queue, submission)).toHaveLength(30);
    expect(notes).toEqual([
      expect.stringMatching(/^the new version of the knowledge base cannot be opened: .*missing/),
    ]);
  });

  it("does not continue with another version of the knowledge base after an error", async () => {
    const { submission } = await submit(queue, file, { chunk: 10 });
    let opened = 0;
    const openLinker = async () => ({
      ...fakeLinker(({ id }) => {
        if (id === "15") throw new TypeError("bad luck");
      }),
      kb: `none@${++opened}`,
    });
    await expect(working(queue, { openLinker })).rejects.toMatchObject({ code: "CONFIG" });
    expect(await statusOf(queue, submission)).toMatchObject({ done: 10, jobs: { active: 0 } });
  });

  it("gives the job back and ends with the error if the knowledge base or the model is damaged", async () => {
    const { submission } = await submit(queue, file, { chunk: 30 });
    const gone = new MmelError("KB_DAMAGED", { what: "it is damaged" });
    const openLinker = async () =>
      fakeLinker(() => {
        throw gone;
      });
    await expect(working(queue, { openLinker })).rejects.toBe(gone);
    expect(await statusOf(queue, submission)).toMatchObject({ done: 0, jobs: { waiting: 1, active: 0 } });
    await working(queue);
    expect(await linkedIds(queue, submission)).toHaveLength(30);
  });

  it("deletes a finished submission with all its data, and no other", async () => {
    const { submission } = await submit(queue, await captionFile(file, [...texts(40), "poison"]), {
      chunk: 41,
    });
    const { submission: other } = await submit(queue, file, { label: "other" });
    await expect(deleteSubmission(queue, submission)).rejects.toMatchObject({ code: "USAGE" });
    const openLinker = async () =>
      fakeLinker(({ text }) => {
        if (text === "poison") throw new TypeError("bad luck");
      });
    await working(queue, { openLinker, submission });
    await retry(queue, submission);
    await cancel(queue, submission);
    await deleteSubmission(queue, submission);
    expect(await counts()).toEqual({ chunks: 11, pieces: 11, jobs: 11, outcomes: 0 });
    expect(await run(url, "select name from mmel_boss.queue")).toEqual([{ name: `mmel-${other}` }]);
    expect(await submit(queue, file)).toMatchObject({ submission, before: undefined });
  });

  it("finds a submission by the beginning of its id, its file or its label, and lists the candidates otherwise", async () => {
    await expect(findSubmission(queue.database, undefined)).rejects.toMatchObject({ code: "USAGE" });
    const { submission } = await submit(queue, file);
    for (const asked of [undefined, submission, submission.slice(0, 5), file])
      expect(await findSubmission(queue.database, asked)).toBe(submission);
    const other = await submit(queue, file, { label: "second" });
    expect(await findSubmission(queue.database, "second")).toBe(other.submission);
    const [first, second] = [submission, other.submission].map((id) => `${id} \\(${file}, `);
    await expect(findSubmission(queue.database, file)).rejects.toMatchObject({
      message: expect.stringMatching(new RegExp(`${first}2.* UTC\\), ${second}"second", 2.* UTC\\)`)),
    });
    for (const asked of [undefined, file, "%"])
      await expect(findSubmission(queue.database, asked)).rejects.toMatchObject({ code: "USAGE" });
  });
});

/** The captions of a file; `then` is called before the caption at `place`. */
async function* readUntil(file: string, place: number, then: () => unknown): ReturnType<typeof readCaptions> {
  let index = 0;
  for await (const read of readCaptions(file)) {
    if (index++ === place) await then();
    yield read;
  }
}
