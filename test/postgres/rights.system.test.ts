import { afterAll, beforeAll, expect, it } from "vitest";
import { MmelError } from "../../src/core/index.js";
import { cancel, deleteSubmission, type JobQueue, openQueue, status } from "../../src/jobs/index.js";
import { openStore, prepareStore } from "../../src/kb/index.js";
import { createLinker, importKb } from "../../src/linker/index.js";
import { captionOf, scratch } from "../cli/harness.js";
import { captionFile, submit, working } from "../jobs/harness.js";
import { manyEntities } from "../kb/entities.js";
import { type Cluster, describePostgres, startCluster } from "../support/postgres.js";
import { run } from "../support/postgres-given.js";

const path = scratch();

describePostgres("a role that lacks a right", () => {
  let cluster: Cluster;
  let roles = 0;
  beforeAll(async () => {
    cluster = (await startCluster())!;
  });
  afterAll(() => cluster.stop());

  /** A database to which nobody may connect, the URL of its superuser, and a function that creates roles. */
  async function closedDatabase() {
    const url = await cluster.createDatabase();
    const name = new URL(url).pathname.slice(1);
    await run(url, "create extension pg_trgm");
    await run(url, `revoke connect, temporary on database ${name} from public`);
    const createRole = async (): Promise<string> => {
      const [role, own] = [`weak_${roles++}`, new URL(url)];
      await run(url, `create role ${role} login password 'weak'`);
      [own.username, own.password] = [role, "weak"];
      return own.href;
    };
    return { url, name, createRole };
  }

  /** Runs an action, and grants what its errors ask for until it succeeds. Returns the granted statements. */
  async function granted(url: string, action: () => Promise<unknown>): Promise<string[]> {
    const statements: string[] = [];
    for (;;) {
      const error = await action().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error === undefined) return statements;
      expect(error).toBeInstanceOf(MmelError);
      const { code, message, detail } = error as MmelError;
      expect(code, message).toMatch(/^(KB|QUEUE)_DENIED$/);
      const next = /`(.+?)`/.exec(detail.hint ?? "")?.[1] ?? message;
      expect(next).toMatch(/^GRANT /);
      expect(statements, message).not.toContain(next);
      statements.push(next);
      await run(url, next);
    }
  }

  const NO_PATIENCE = { patienceMs: 0 };
  const inQueue = async (url: string, action: (queue: JobQueue) => Promise<unknown>) => {
    await using queue = await openQueue(url, { create: true, patience: NO_PATIENCE });
    await action(queue);
  };

  it("to import is told to be granted CONNECT and CREATE on the database", async () => {
    const { url, name, createRole } = await closedDatabase();
    const owner = await createRole();
    const role = new URL(owner).username;
    expect(await granted(url, () => importKb(`${owner}?retry=0`, manyEntities(3)))).toEqual([
      `GRANT CONNECT ON DATABASE ${name} TO ${role}`,
      `GRANT CREATE ON DATABASE ${name} TO ${role}`,
    ]);

    const other = await createRole();
    const second = new URL(other).username;
    const membership = `GRANT ${role} TO ${second}`;
    expect(await granted(url, () => importKb(`${other}?retry=0`, manyEntities(4)))).toEqual([
      `GRANT CONNECT ON DATABASE ${name} TO ${second}`,
      membership,
    ]);
    await run(url, membership.replace("GRANT", "REVOKE").replace(" TO ", " FROM "));
    await run(url, `grant usage on schema mmel to ${second}`);
    expect(await granted(url, () => prepareStore(`${other}?retry=0`, { reader: role }))).toEqual([
      membership,
    ]);
  });

  it("to link is told to be granted exactly the tables that it lacks", async () => {
    const { url, name, createRole } = await closedDatabase();
    await importKb(url, manyEntities(3));
    const reader = await createRole();
    const role = new URL(reader).username;
    const link = async () => {
      await using store = await openStore(`${reader}?retry=0`);
      await store.searchNames("Name");
      await using linker = await createLinker({ kb: `${reader}?retry=0`, model: "lexical" });
      await linker.link(captionOf("1", "Name"));
    };
    const statements = await granted(url, link);
    expect(statements[0]).toBe(`GRANT CONNECT ON DATABASE ${name} TO ${role}`);
    expect(statements).toHaveLength(2);
    expect(statements[1]).toMatch(
      /^GRANT USAGE ON SCHEMA mmel TO \w+; GRANT SELECT ON mmel\.attachment, mmel\.base, /,
    );

    await run(url, `revoke select on mmel.attachment, mmel.token from ${role}`);
    expect(await granted(url, link)).toEqual([`GRANT SELECT ON mmel.attachment, mmel.token TO ${role}`]);
    await run(url, "create schema hidden");
    await run(url, "alter extension pg_trgm set schema hidden");
    expect(await granted(url, link)).toEqual([`GRANT USAGE ON SCHEMA hidden TO ${role}`]);
  });

  it("to use a job queue is told what linking needs, and to be granted the owner's rights for the rest", async () => {
    const { url, name, createRole } = await closedDatabase();
    const [first, second] = [
      await captionFile(path("1.jsonl"), ["a"]),
      await captionFile(path("2.jsonl"), ["b"]),
    ];
    const owner = await createRole();
    const ownerRole = new URL(owner).username;
    expect(await granted(url, () => inQueue(owner, (queue) => submit(queue, first)))).toEqual([
      `GRANT CONNECT ON DATABASE ${name} TO ${ownerRole}`,
      `GRANT CREATE ON DATABASE ${name} TO ${ownerRole}`,
    ]);

    const worker = await createRole();
    const role = new URL(worker).username;
    const linking = await granted(url, () =>
      inQueue(worker, async (queue) => {
        await status(queue.database);
        await working(queue);
      }),
    );
    expect(linking).toEqual([
      `GRANT CONNECT ON DATABASE ${name} TO ${role}`,
      expect.stringMatching(
        /^GRANT USAGE ON SCHEMA mmel_boss TO \w+; GRANT USAGE ON SCHEMA mmel_jobs TO \w+; GRANT SELECT, INSERT, UPDATE, DELETE ON mmel_boss\./,
      ),
    ]);
    const ownerRights = [`GRANT ${ownerRole} TO ${role}`];
    expect(await granted(url, () => inQueue(worker, (queue) => submit(queue, second)))).toEqual(ownerRights);
    await run(url, `revoke ${ownerRole} from ${role}`);
    const remove = () =>
      inQueue(worker, async (queue) => {
        for (const { id } of (await status(queue.database)).submissions) {
          await cancel(queue, id);
          await deleteSubmission(queue, id);
        }
      });
    expect(await granted(url, remove)).toEqual(ownerRights);
  });
});
