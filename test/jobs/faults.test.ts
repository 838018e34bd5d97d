import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import PgBoss from "pg-boss";
import { afterAll, beforeEach, expect, it } from "vitest";
import { MmelError } from "../../src/core/index.js";
import { readCaptions } from "../../src/formats/index.js";
import { openQueue } from "../../src/jobs/index.js";
import { describePostgres } from "../support/postgres.js";
import { run, withDatabase } from "../support/postgres-given.js";
import {
  captionFile,
  clusterForTests,
  fakeLinker,
  linkedIds,
  openTestQueue,
  statusOf,
  submit,
  working,
} from "./harness.js";

const folder = mkdtempSync(join(tmpdir(), "mmel-jobs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describePostgres("a job queue", () => {
  const cluster = clusterForTests();
  let url: string;
  const file = join(folder, "captions.jsonl");
  beforeEach(async () => {
    url = await cluster().createDatabase();
    await captionFile(
      file,
      Array.from({ length: 30 }, (_, at) => `caption ${at}`),
    );
  });
  /** The URL of the same database for a new user; `rights` are statements that grant privileges to `$USER`. */
  const somebody = async (...rights: string[]): Promise<string> => {
    const user = `somebody_${randomBytes(6).toString("hex")}`;
    await run(url, `create role ${user} login password 'hidden'`);
    for (const right of rights) await run(url, right.replaceAll("$USER", user));
    return changed(url, { username: user, password: "hidden" });
  };

  it("reports a rejected login, a missing database and an unreachable server without the password", async ({
    skip,
  }) => {
    if (!cluster().ours) skip("the server of MMEL_TEST_POSTGRES may let everybody in");
    const faults = [
      [changed(url, { password: "wrong" }), "QUEUE_DENIED", /rejected the login/],
      [changed(url, { password: "" }), "QUEUE_DENIED", /none was given.*PGPASSWORD/],
      [withDatabase(url, "none"), "QUEUE_DENIED", /the database does not exist/],
      [changed(url, { port: "1" }), "QUEUE_UNAVAILABLE", /ECONNREFUSED/],
      [changed(url, { hostname: "nowhere.invalid" }), "QUEUE_UNAVAILABLE", /nowhere.invalid/],
    ] as const;
    for (const [bad, code, what] of faults) {
      const error = await openTestQueue(bad).catch((thrown: Error) => thrown);
      expect(error).toMatchObject({ code, message: expect.stringMatching(what) });
      if (new URL(bad).password !== "")
        expect(String((error as Error).stack)).not.toContain(new URL(bad).password);
    }
    for (const bad of ["postgres://u:secret@host:port/db", "mysql://u:secret@host/db", "secret"]) {
      const error = await openTestQueue(bad).catch((thrown: Error) => thrown);
      expect(error).toMatchObject({ code: "CONFIG" });
      expect(String((error as Error).stack)).not.toContain("secret");
    }
  });

  it("names the grant for creating tables, and needs fewer privileges for linking", async () => {
    const denied = await openTestQueue(await somebody()).catch((thrown: Error) => thrown);
    expect(denied).toMatchObject({
      code: "QUEUE_DENIED",
      message: expect.stringMatching(/GRANT CREATE ON DATABASE/),
    });

    const owner = await somebody(`grant create on database ${new URL(url).pathname.slice(1)} to $USER`);
    await using queue = await openTestQueue(owner);
    const { submission } = await submit(queue, file);
    await expect(openTestQueue(await somebody())).rejects.toMatchObject({ code: "QUEUE_DENIED" });
    const reader = await somebody(
      "grant usage on schema mmel_jobs, mmel_boss to $USER",
      "grant select on all tables in schema mmel_jobs, mmel_boss to $USER",
    );
    await using reading = await openQueue(reader);
    expect(await statusOf(reading, submission)).toMatchObject({ state: "waiting" });
    await expect(working(reading)).rejects.toMatchObject({
      code: "QUEUE_DENIED",
      message: expect.stringMatching(/GRANT INSERT, UPDATE, DELETE ON mmel_boss\./),
    });
    const linker = await somebody(
      "grant usage on schema mmel_jobs, mmel_boss to $USER",
      "grant select, insert, update, delete on all tables in schema mmel_jobs, mmel_boss to $USER",
    );
    await using less = await openQueue(linker, { maintain: true });
    const later = await submit(queue, file, { label: "later" });
    await working(less);
    for (const id of [submission, later.submission]) expect(await linkedIds(less, id)).toHaveLength(30);
  });

  it("migrates tables of an older pg-boss, also when two processes start at once", async () => {
    await using before = await openTestQueue(url);
    const { submission } = await submit(before, file);
    for (const version of [24, 23, 22]) await run(url, rollback(version));
    expect(await run(url, "select version from mmel_boss.version")).toEqual([{ version: 21 }]);
    const queues = await Promise.all([openTestQueue(url), openTestQueue(url)]);
    expect(await run(url, "select version from mmel_boss.version")).toEqual([{ version: 24 }]);
    await Promise.all(queues.map((queue) => working(queue)));
    expect(await linkedIds(queues[0]!, submission)).toHaveLength(30);
    for (const queue of queues) await queue[Symbol.asyncDispose]();
  });

  it("creates its tables once when several processes start at once, and only if asked to", async () => {
    await expect(openQueue(url)).rejects.toMatchObject({
      code: "CONFIG",
      message: expect.stringMatching(/submit/),
    });
    const queues = await Promise.all(Array.from({ length: 5 }, () => openTestQueue(url)));
    for (const queue of queues) await queue[Symbol.asyncDispose]();
    expect(await run(url, "select count(*)::int as layouts from mmel_jobs.layout")).toEqual([{ layouts: 1 }]);
  });

  it("creates no tables in a database that is not in UTF-8", async () => {
    const latin = `latin_${randomBytes(6).toString("hex")}`;
    await run(url, `create database ${latin} encoding 'LATIN1' locale 'C' template template0`);
    const there = withDatabase(url, latin);
    await expect(openTestQueue(there)).rejects.toMatchObject({
      code: "CONFIG",
      message: expect.stringMatching(/stores text as LATIN1.*ENCODING 'UTF8'/),
    });
    expect(await run(there, "select from pg_namespace where nspname like 'mmel%'")).toEqual([]);
    await run(url, `drop database ${latin}`);
  });

  it("rejects tables of a newer version", async () => {
    await using made = await openTestQueue(url);
    expect(made.database.shown).not.toContain(new URL(url).password);
    await run(url, "update mmel_jobs.layout set version = 99");
    await expect(openTestQueue(url)).rejects.toMatchObject({
      code: "CONFIG",
      message: expect.stringMatching(/layout 99/),
    });
  });

  it("retries a server that stays away, then ends the worker with an error and loses nothing", async ({
    skip,
  }) => {
    if (!cluster().ours) skip("tests may not stop the server of MMEL_TEST_POSTGRES");
    await using queue = await openTestQueue(url);
    const { submission } = await submit(queue, file, { chunk: 10 });
    const openLinker = async () => fakeLinker(({ id }) => (id === "15" ? cluster().kill() : undefined));
    const notes: string[] = [];
    const options = { openLinker, patienceMs: 1500, onNote: (note: string) => notes.push(note) };
    await expect(working(queue, options)).rejects.toMatchObject({ code: "QUEUE_UNAVAILABLE" });
    expect(notes.filter((note) => /retrying/.test(note)).length).toBeGreaterThan(0);
    expect(notes.join()).not.toContain(decodeURIComponent(new URL(url).password));
    await cluster().start();
    await working(queue, { silentMs: 300 });
    expect(await linkedIds(queue, submission)).toHaveLength(30);
  });

  it("continues submitting and linking when the server comes back in time", async ({ skip }) => {
    if (!cluster().ours) skip("tests may not stop the server of MMEL_TEST_POSTGRES");
    await using queue = await openTestQueue(url);
    const patience = { patienceMs: 30_000 };
    const read = async function* () {
      for await (const one of readCaptions(file)) {
        if (one.line === 15) await cluster().restart();
        yield one;
      }
    };
    const { submission } = await submit(queue, file, { chunk: 10, read, patience });
    const openLinker = async () => fakeLinker(({ id }) => (id === "15" ? cluster().restart() : undefined));
    await working(queue, { openLinker, ...patience });
    expect(await linkedIds(queue, submission)).toHaveLength(30);
    expect(await statusOf(queue, submission)).toMatchObject({ state: "done", errors: [] });
  });

  it("blames no caption for an unavailable knowledge base, and ends the worker if it stays unavailable", async () => {
    await using queue = await openTestQueue(url);
    const { submission } = await submit(queue, file, { chunk: 10 });
    let away = 4;
    const openLinker = async () =>
      fakeLinker(({ id }) => {
        if (id === "15" && away-- > 0) throw new MmelError("KB_UNAVAILABLE", { what: "it is away" });
      });
    await working(queue, { openLinker });
    expect(await linkedIds(queue, submission)).toHaveLength(30);
    expect(await run(url, "select from mmel_jobs.piece where failures > 0")).toEqual([]);

    await submit(queue, file, { label: "again" });
    away = 9;
    await expect(working(queue, { openLinker })).rejects.toMatchObject({ code: "KB_UNAVAILABLE" });
  });
});

/** The types of pg-boss require a string here, its code a number. */
const rollback = (version: number): string =>
  PgBoss.getRollbackPlans("mmel_boss", version as unknown as string);

function changed(
  url: string,
  parts: Partial<Record<"username" | "password" | "port" | "hostname", string>>,
): string {
  return Object.assign(new URL(url), parts).href;
}
