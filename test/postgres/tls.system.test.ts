import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { MmelError } from "../../src/core/index.js";
import { openDatabase } from "../../src/jobs/database.js";
import { openStore } from "../../src/kb/index.js";
import { connect, connectionConfig, disconnect, explain, parseAddress } from "../../src/postgres/index.js";
import { scratch } from "../cli/harness.js";
import { type Cluster, describePostgres, startCluster } from "../support/postgres.js";
import { run } from "../support/postgres-given.js";

const path = scratch();
const ENCRYPTED = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";

/** Creates a certificate for `host` that signs itself. */
function selfSigned(name: string, host: string) {
  const [cert, key] = [path(`${name}.crt`), path(`${name}.key`)];
  const subject = ["-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`, "-days", "2"];
  const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  execFileSync("openssl", [...request, "-keyout", key, "-out", cert, ...subject], { stdio: "ignore" });
  return { cert, key };
}

describePostgres("TLS to a server with a certificate that signs itself", () => {
  let cluster: Cluster;
  let own: { cert: string; key: string };
  let other: { cert: string; key: string };
  beforeAll(async () => {
    own = selfSigned("own", "localhost");
    other = selfSigned("other", "localhost");
    const certificate = { cert: readFileSync(own.cert, "utf8"), key: readFileSync(own.key, "utf8") };
    const admit = [
      "hostnossl all only_plain all trust",
      "hostssl all only_tls all trust",
      "hostssl all localhost all cert",
      "host all only_plain,only_tls all reject",
    ];
    cluster = (await startCluster({ certificate, admit }))!;
    for (const role of ["only_plain", "only_tls", "localhost"])
      await run(cluster.url, `create role ${role} login`);
  });
  afterAll(() => cluster.stop());
  beforeEach(() => vi.stubEnv("HOME", path("no-home")).stubEnv("USERPROFILE", path("no-home")));
  afterEach(() => vi.unstubAllEnvs());

  const urlOf = (parameters: Record<string, string>, { host = "localhost", role = "" } = {}): string => {
    const url = new URL(cluster.url);
    url.hostname = host;
    if (role !== "") [url.username, url.password] = [role, ""];
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  };
  /** Whether our connection is encrypted, or the error of connecting as the user sees it. */
  const encrypted = async (url: string): Promise<boolean | MmelError> => {
    try {
      const address = parseAddress(url, "--kb");
      const client = await connect(address, connectionConfig(address, { applicationName: "test" }));
      const { rows } = await client.query(ENCRYPTED);
      await disconnect(client);
      return rows[0].ssl;
    } catch (error) {
      const words = {
        subject: "",
        item: "",
        privilege: "",
        grant: "",
        wait: "",
        timeLimit: "",
        create: "",
        repeat: "",
      };
      const known = explain(error, { codes: "KB", where: "", words });
      expect(known).toBeInstanceOf(MmelError);
      return known as MmelError;
    }
  };
  /** Whether psql's connection is encrypted; undefined if it does not connect. */
  const encryptedForPsql = (url: string): boolean | undefined => {
    try {
      return execFileSync("psql", ["-XAtc", ENCRYPTED, url], { encoding: "utf8", stdio: "pipe" }).startsWith(
        "t",
      );
    } catch {
      return undefined;
    }
  };

  const MODES = ["", "disable", "allow", "prefer", "require", "verify-ca", "verify-full", "bogus"];
  const ROOTS = ["", "own", "other"];
  const PLACES = [{}, { host: "127.0.0.1" }, { role: "only_tls" }, { role: "only_plain" }];
  const table = MODES.flatMap((mode) =>
    ROOTS.flatMap((root) => PLACES.map((place) => ({ mode, root, place }))),
  );
  it.each(table)(
    "connects as psql does: sslmode=$mode, sslrootcert=$root, $place",
    async ({ mode, root, place }) => {
      const url = urlOf(
        {
          ...(mode !== "" && { sslmode: mode }),
          ...(root !== "" && { sslrootcert: { own, other }[root]!.cert }),
        },
        place,
      );
      const ours = await encrypted(url);
      expect(typeof ours === "boolean" ? ours : undefined).toBe(encryptedForPsql(url));
      if (ours instanceof MmelError) expect(["KB_DENIED", "CONFIG"]).toContain(ours.code);
    },
  );

  it.each([
    ["a certificate that the server trusts", () => ({ sslcert: own.cert, sslkey: own.key }), true],
    ["another certificate", () => ({ sslcert: other.cert, sslkey: other.key }), undefined],
    ["no certificate", () => ({}), undefined],
  ])("logs in as psql does with %s of the client", async (_, parameters, expected) => {
    const url = urlOf({ sslmode: "require", ...parameters() }, { role: "localhost" });
    const ours = await encrypted(url);
    expect(encryptedForPsql(url)).toBe(expected);
    if (expected === undefined) expect(ours).toMatchObject({ code: "KB_DENIED" });
    else expect(ours).toBe(true);
  });

  it("says what is wrong with the certificate and what to do", async () => {
    const messageOf = async (...args: Parameters<typeof urlOf>) => String(await encrypted(urlOf(...args)));
    const [full, root] = [{ sslmode: "verify-full" }, { sslrootcert: own.cert }];
    expect(await messageOf(full)).toMatch(/not trusted.*Set `sslrootcert=FILE`/);
    expect(await messageOf({ ...full, ...root }, { host: "127.0.0.1" })).toMatch(
      /for another host.*verify-ca/,
    );
    expect(await messageOf({ sslmode: "require" }, { role: "only_plain" })).toMatch(
      /rejected the login.*pg_hba/,
    );
    expect(await messageOf({ sslmode: "verify-ca" })).toMatch(/verify-ca needs.*sslrootcert=FILE/);
    expect(await messageOf({ sslmode: "verfy-full" })).toMatch(/not a value of sslmode.*verify-full/);
    expect(await messageOf({ sslrootcert: "system", sslmode: "require" })).toMatch(/does not check the host/);
    for (const bad of [own.key, path("missing.crt"), path(".")])
      expect(await messageOf({ sslrootcert: bad })).toMatch(/file for sslrootcert cannot be used.*Correct/);
    expect(await messageOf({ sslcert: own.cert, sslkey: other.cert })).toMatch(
      /file for sslkey cannot be used/,
    );
  });

  it("reads the settings that libpq reads from the environment", async () => {
    vi.stubEnv("PGSSLMODE", "disable");
    expect(await encrypted(urlOf({}))).toBe(false);
    vi.stubEnv("PGSSLMODE", "");
    expect(await encrypted(urlOf({}))).toBe(true);
    vi.stubEnv("PGSSLMODE", "on");
    expect(String(await encrypted(urlOf({})))).toContain('"on" is not a value of sslmode, PGSSLMODE;');
    vi.stubEnv("PGSSLMODE", "verify-full").stubEnv("PGSSLROOTCERT", own.cert);
    expect(await encrypted(urlOf({}))).toBe(true);
    expect(await encrypted(urlOf({ sslrootcert: other.cert }))).toMatchObject({ code: "KB_DENIED" });
    expect(await encrypted(urlOf({ ssl: "true", sslrootcert: own.cert }))).toBe(true);
  });

  it("gives knowledge bases and job queues the same connections", async () => {
    const url = urlOf({ sslmode: "allow" }, { role: "only_tls" });
    await expect(openStore(`${url}&retry=0`)).rejects.toMatchObject({ code: "KB_NOT_FOUND" });
    await using database = await openDatabase(parseAddress(url, "--queue"));
    expect(await Promise.all([database.query(ENCRYPTED), database.query(ENCRYPTED)])).toMatchObject([
      { rows: [{ ssl: true }] },
      { rows: [{ ssl: true }] },
    ]);
    const untrusted = await openDatabase(parseAddress(urlOf({ sslmode: "verify-full" }), "--queue"));
    await expect(untrusted.query("select 1")).rejects.toMatchObject({ code: "QUEUE_DENIED" });
    await untrusted[Symbol.asyncDispose]();
  });

  it("connects without encryption to a server that offers none, unless the mode demands it", async () => {
    await run(cluster.url, "alter system set ssl = off");
    await run(cluster.url, "select pg_reload_conf()");
    await vi.waitUntil(async () => !(await encrypted(urlOf({ sslmode: "prefer" }))));
    for (const sslmode of ["disable", "allow", "prefer"])
      expect(await encrypted(urlOf({ sslmode }))).toBe(false);
    expect(String(await encrypted(urlOf({ sslmode: "require" })))).toMatch(
      /does not offer encryption.*sslmode=prefer/,
    );
  });
});
