import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import {
  createMemoryStore,
  driverFor,
  type EntityStore,
  openStore,
  type Place,
  prepareStore,
} from "../../src/kb/index.js";
import { LAYOUT, MIGRATIONS } from "../../src/kb/postgres/migrations.js";
import { createLinker, importKb } from "../../src/linker/index.js";
import { type Cluster, describePostgres, startCluster } from "../support/postgres.js";
import { run } from "../support/postgres-given.js";
import { entity, manyEntities } from "./entities.js";
import { runChild, startChild } from "./run-child.js";

/** Everything that an error and its causes may show to a user. */
const shownBy = (error: unknown): string =>
  error instanceof Error ? `${error.message} ${JSON.stringify(error)} ${shownBy(error.cause)}` : "";

describePostgres("a knowledge base on PostgreSQL", () => {
  let cluster: Cluster;
  let url: string;
  const load = async (count: number, options = {}, target = url) =>
    (await driverFor(target)).import(target, manyEntities(count), options);
  const with_ = (parameters: Record<string, string>, base = url): string => {
    const other = new URL(base);
    for (const [name, value] of Object.entries(parameters)) other.searchParams.set(name, value);
    return other.href;
  };
  const failureOf = async (promise: Promise<unknown>): Promise<Error & { code: string }> =>
    promise.then(
      () => expect.unreachable("it should have failed"),
      (error) => error,
    );

  beforeAll(async () => {
    cluster = (await startCluster())!;
  });
  afterAll(() => cluster.stop());
  beforeEach(async () => {
    url = with_({ retry: "0" }, await cluster.createDatabase());
  });

  it("returns attachments byte for byte, also after a power cut, and removes them with their version", async ({
    skip,
  }) => {
    if (!cluster.ours) skip("tests may not stop the server of MMEL_TEST_POSTGRES");
    const patient = with_({ retry: "30" });
    const bytes = (from: number, length: number) =>
      Uint8Array.from({ length }, (_, at) => (from + 7 * at + (at >> 9)) & 0xff);
    const pieces = [bytes(1, 3), bytes(2, 5 << 20), bytes(3, 0), bytes(4, (1 << 20) - 3), bytes(5, 11)];
    await load(5, {}, patient);
    await load(
      6,
      {
        finish: async (store: EntityStore, place: Place) => {
          if (place.kind !== "server") return expect.unreachable();
          await place.attach("index \\\t'", [bytes(9, 9)]);
          await place.attach("index \\\t'", pieces);
          await cluster.kill();
          await cluster.start();
          await place.attach("one byte", [bytes(8, 1)]);
          expect(await store.attachment!("one byte")).toEqual(bytes(8, 1).buffer);
        },
      },
      patient,
    );
    await using store = await openStore(patient);
    expect(Buffer.from((await store.attachment!("index \\\t'"))!).equals(Buffer.concat(pieces))).toBe(true);
    expect(await store.attachment!("another")).toBeUndefined();
    const parts = "select count(*)::int as parts, max(part) as last from mmel.attachment";
    expect(await run(url, parts)).toEqual([{ parts: 8, last: 6 }]);
    await store.close();
    await load(7, {}, patient);
    await load(8, {}, patient);
    expect(await run(url, parts)).toEqual([{ parts: 0, last: null }]);
  });

  it("shares a database with other knowledge bases", async () => {
    const other = with_({ kb: 'o\'ther; drop table "x"' });
    await load(5);
    await load(7, {}, other);
    await load(9, {}, with_({ schema: "elsewhere" }));
    await using one = await openStore(url);
    await using two = await openStore(other);
    expect([one.manifest.entities, two.manifest.entities]).toEqual([5, 7]);
    expect(two.manifest.name).toBe('o\'ther; drop table "x"');
    await expect(openStore(with_({ kb: "nothing" }))).rejects.toMatchObject({ code: "KB_NOT_FOUND" });
  });

  it("returns names with SQL, NUL and lone surrogates unchanged", async () => {
    const names = [
      "Robert'); DROP TABLE entity;--",
      "a\0b",
      "\ud83d",
      "\\N",
      "x\ty\nz",
      "%_*",
      '"',
      "$1",
      "\\.",
      "",
    ];
    const people = names.map((label, at) => entity(`N${at}`, { label, aliases: [label, `${label} Miller`] }));
    await (await driverFor(url)).import(url, people);
    await using store = await openStore(url);
    expect(await collect(store)).toEqual(people);
    for (const name of names) await store.searchNames(name);
    expect((await store.searchNames(names[0]!))[0]).toMatchObject({ score: 1 });
  });

  it("reports a wrong login, database or address, and never shows the password", async () => {
    const secret = decodeURIComponent(new URL(url).password);
    const wrong = new URL(url);
    wrong.password = "guess/ed";
    const nowhere = new URL(url);
    nowhere.port = "1";
    const absent = new URL(url);
    absent.pathname = "/no_such_database";
    const cases: [string, string][] = [
      [wrong.href, "KB_DENIED"],
      [absent.href, "KB_NOT_FOUND"],
      [nowhere.href, "KB_UNAVAILABLE"],
      [with_({ pool: "many" }), "CONFIG"],
      [with_({ schema: 'a"b' }), "CONFIG"],
      ["postgres://user:guess/ed@host:port/x", "CONFIG"],
      [url, "KB_NOT_FOUND"],
    ];
    for (const [target, code] of cases) {
      const failure = await failureOf(openStore(target));
      expect(failure, target).toMatchObject({ code });
      for (const shown of [shownBy(failure), String(failure.stack)]) {
        expect(shown).not.toContain(secret);
        expect(shown).not.toContain(encodeURIComponent(secret));
        expect(shown).not.toContain("guess");
      }
      expect(failure.message).toContain("***".slice(0, target.includes("host:port") ? 0 : 3));
    }
  });

  it("says where to set a password that is missing or empty", async () => {
    vi.stubEnv("PGPASSWORD", undefined);
    vi.stubEnv("PGPASSFILE", "/no/such/file");
    const forgotten = new URL(url);
    forgotten.password = "";
    for (const target of [forgotten.href, with_({ password: "" }, forgotten.href)])
      expect(await failureOf(openStore(target))).toMatchObject({
        code: "KB_DENIED",
        message: expect.stringMatching(/none was given.*`PGPASSWORD`, `~\/.pgpass`/),
      });
    vi.unstubAllEnvs();
  });

  it("lets a role with SELECT link but not import", async () => {
    await load(50);
    const role = `reader_${new URL(url).pathname.slice(1)}`;
    await run(url, `create role ${role} login password 'readonly'`);
    const reading = new URL(url);
    reading.username = role;
    reading.password = "readonly";
    const forReading = {
      code: "KB_DENIED",
      message: expect.stringContaining(`GRANT USAGE ON SCHEMA mmel TO ${role}`),
    };
    expect(await failureOf(openStore(reading.href))).toMatchObject(forReading);
    await prepareStore(url, { reader: role });
    await prepareStore(url, { reader: role });
    const later = await load(60);
    await using store = await openStore(reading.href);
    expect(store.manifest).toEqual(later);
    expect((await store.getMany(["Q7"])).size).toBe(1);
    expect((await store.searchNames("Person 9 Surname9"))[0]).toMatchObject({ score: 1 });
    const failure = await failureOf(load(5, {}, reading.href));
    const owner = decodeURIComponent(new URL(url).username);
    const forImporting = { code: "KB_DENIED", message: expect.stringContaining(`GRANT ${owner} TO ${role}`) };
    expect(failure).toMatchObject(forImporting);
    expect(failure.message).not.toContain("SELECT");
    await run(url, `drop owned by ${role}; drop role ${role}`);
  });

  it("lets a role import after the grants that the error names", async () => {
    const name = new URL(url).pathname.slice(1);
    const [owner, member] = [`owner_${name}`, `member_${name}`];
    await run(url, `create role ${owner} login password 'o'; create role ${member} login password 'm'`);
    const as = (role: string, password: string): string =>
      Object.assign(new URL(url), { username: role, password }).href;
    const refused = { code: "KB_DENIED", message: expect.stringContaining("GRANT CREATE ON DATABASE") };
    await run(url, "create extension pg_trgm");
    expect(await failureOf(load(5, {}, as(owner, "o")))).toMatchObject(refused);
    await run(url, `grant create on database ${name} to ${owner}`);
    await load(5, {}, as(owner, "o"));
    const lacking = { code: "KB_DENIED", message: expect.stringContaining(`GRANT ${owner} TO ${member}`) };
    expect(await failureOf(load(6, {}, as(member, "m")))).toMatchObject(lacking);
    await run(url, `grant ${owner} to ${member}`);
    for (const count of [6, 7]) await load(count, {}, as(member, "m"));
    for (const count of [8, 9]) expect((await load(count, {}, as(owner, "o"))).entities).toBe(count);
    await run(url, `drop owned by ${owner}, ${member} cascade; drop role ${member}; drop role ${owner}`);
  });

  it("says how to create a missing reader role", async () => {
    expect(await failureOf(prepareStore(url, { reader: 'no "such" role' }))).toMatchObject({
      code: "CONFIG",
      message: expect.stringContaining('CREATE ROLE "no ""such"" role" LOGIN'),
    });
  });

  it("names the statement that installs pg_trgm if the role may not install it", async () => {
    const role = `poor_${new URL(url).pathname.slice(1)}`;
    await run(url, `create role ${role} login password 'poor'; create schema mmel authorization ${role}`);
    const poor = new URL(url);
    poor.username = role;
    poor.password = "poor";
    const failure = await failureOf(load(5, {}, poor.href));
    expect(failure).toMatchObject({
      code: "CONFIG",
      message: expect.stringContaining("CREATE EXTENSION pg_trgm;"),
    });
    await run(url, "create schema extra; create extension pg_trgm schema extra");
    await run(url, `grant usage on schema extra to ${role}`);
    expect((await load(5, {}, poor.href)).entities).toBe(5);
    await using store = await openStore(poor.href);
    expect((await store.searchNames("Persn 3")).length).toBeGreaterThan(0);
    await run(url, `drop owned by ${role} cascade; drop role ${role}`);
  });

  it("links without pg_trgm, and a search names the statement that installs it", async () => {
    await importKb(url, manyEntities(50));
    await run(url, "drop extension pg_trgm cascade");
    await using linker = await createLinker({ kb: url, model: "lexical" });
    const links = await linker.link({ id: "1", text: "Person 9", mentions: [{ text: "Person 9 Surname9" }] });
    expect(links.mentions[0]?.candidates[0]?.entity.id).toBe("Q9");
    await using store = await openStore(url);
    const failure = await failureOf(store.searchNames("Persn 9"));
    expect(failure).toMatchObject({
      code: "CONFIG",
      message: expect.stringMatching(/name search.*CREATE EXTENSION pg_trgm;/),
    });
    expect(failure.message).not.toContain("may not");
    await run(url, "create extension pg_trgm");
    expect((await store.searchNames("Persn 9")).length).toBeGreaterThan(0);
  });

  it.each([1, 2])(
    "migrates layout %i, also repeatedly and by several processes at once, and rejects a newer layout",
    async (layout) => {
      const old = [
        "create extension pg_trgm; create schema mmel; create table mmel.layout (number int)",
        `insert into mmel.layout values (${layout})`,
        ...MIGRATIONS.slice(0, layout).map((migration) => migration.replaceAll("@s", "mmel")),
      ];
      const role = `reader_${new URL(url).pathname.slice(1)}`;
      const grants = [`create role ${role}`, `grant select on mmel.entity to public, ${role}`];
      await run(url, [...old, ...grants].join(";"));
      const stale = await failureOf(openStore(url));
      expect(stale).toMatchObject({ code: "CONFIG", message: expect.stringContaining("mmel kb prepare") });
      await Promise.all(Array.from({ length: 6 }, () => prepareStore(url)));
      await prepareStore(url);
      expect(await run(url, "select number from mmel.layout")).toEqual([{ number: LAYOUT }]);
      const readers =
        "select array_agg(grantee::text order by grantee::text) as roles, table_name as name from";
      const granted = await run(
        url,
        `${readers} information_schema.table_privileges where table_schema = 'mmel' and privilege_type = 'SELECT'
         and table_name in ('entity', 'attachment') and grantee <> current_user group by table_name order by 2`,
      );
      expect(granted).toMatchObject(
        ["attachment", "entity"].map((name) => ({ name, roles: ["PUBLIC", role] })),
      );
      await run(url, `drop owned by ${role}; drop role ${role}`);
      const fresh = with_({ schema: "fresh" });
      await Promise.all(Array.from({ length: 6 }, () => prepareStore(fresh)));
      await load(5);
      await run(url, "update mmel.layout set number = 99");
      expect(await failureOf(openStore(url))).toMatchObject({ code: "KB_TOO_NEW" });
      expect(await failureOf(load(5))).toMatchObject({ code: "KB_TOO_NEW" });
      await expect(prepareStore("folder")).rejects.toMatchObject({ code: "CONFIG" });
    },
  );

  it("keeps versions in use and the version before the current one", async () => {
    const partitions = async () =>
      (await run(url, "select relname from pg_class where relkind = 'r' and relname ~ '^(entity|stage)_'"))
        .length;
    await load(5);
    const old = await openStore(url);
    await load(6);
    await load(7);
    expect((await old.getMany(["Q1"])).size).toBe(1);
    expect(await partitions()).toBe(3);
    await old.close();
    await load(8);
    expect(await partitions()).toBe(2);
  });

  it("keeps the old version when an import is killed, and rejects a second import at the same time", async () => {
    const old = await load(5);
    for (const action of ["hold", "loop"]) {
      await using child = startChild([action, with_({ retry: "10" }), "3000"]);
      await child.says(action === "hold" ? "holding" : "ready");
      if (action === "hold") {
        expect(await failureOf(load(6))).toMatchObject({ code: "KB_BUSY" });
        expect(await runChild(["import", url])).toMatchObject({ code: "KB_BUSY" });
      } else await new Promise((resolve) => setTimeout(resolve, 700));
      await child.kill();
      await using store = await openStore(url);
      expect([old.version, versionOf(manyEntities(3000)), versionOf(manyEntities(3001))]).toContain(
        store.manifest.version,
      );
      expect(versionOf(await collect(store))).toBe(store.manifest.version);
    }
    await eventually(() => load(6));
    expect(await run(url, "select count(*)::int as versions from mmel.version")).toEqual([{ versions: 2 }]);
  });

  it("continues importing and reading after the server restarts", async ({ skip }) => {
    if (!cluster.ours) skip("tests may not stop the server of MMEL_TEST_POSTGRES");
    const patient = with_({ retry: "30" });
    await load(50);
    await using reading = await openStore(patient);
    const interrupted = async function* () {
      yield* manyEntities(2500);
      await cluster.restart();
      yield* Array.from({ length: 1500 }, (_, at) => entity(`R${at}`));
      await cluster.restart();
      yield entity("last");
    };
    const manifest = await (await driverFor(patient)).import(patient, interrupted());
    expect(manifest.entities).toBe(4001);
    expect(await collect(reading)).toEqual([...manyEntities(50)].sort((a, b) => (a.id < b.id ? -1 : 1)));
    await using store = await openStore(patient);
    expect(versionOf(await collect(store))).toBe(manifest.version);
  });

  it("reports a server that stays away, and shows no incomplete version when it is back", async ({
    skip,
  }) => {
    if (!cluster.ours) skip("tests may not stop the server of MMEL_TEST_POSTGRES");
    const old = await load(50);
    const impatient = with_({ retry: "0.3" });
    await using reading = await openStore(impatient);
    const cut = async function* () {
      yield* manyEntities(1500);
      await cluster.kill();
      yield* Array.from({ length: 1500 }, (_, at) => entity(`R${at}`));
    };
    const failure = await failureOf((await driverFor(impatient)).import(impatient, cut()));
    expect(failure).toMatchObject({ code: "KB_UNAVAILABLE", message: expect.stringContaining("?retry=") });
    expect(await failureOf(reading.getMany(["Q1"]))).toMatchObject({ code: "KB_UNAVAILABLE" });
    await cluster.start();
    expect((await reading.getMany(["Q1"])).size).toBe(1);
    await using store = await openStore(url);
    expect(store.manifest).toEqual(old);
    expect((await load(6)).entities).toBe(6);
  });
});

const versionOf = (entities: Iterable<ReturnType<typeof entity>>): string =>
  createMemoryStore(entities).manifest.version;

async function collect(store: EntityStore) {
  const entities = [];
  for await (const one of store.all()) entities.push(one);
  return entities;
}

/** Repeats an action until the server notices that a client was killed. */
async function eventually<T>(action: () => Promise<T>): Promise<T> {
  for (let left = 100; ; left--) {
    try {
      return await action();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
