import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDatabase, run, withDatabase } from "./postgres-given.js";

const USER = "mmel_super";
const PASSWORD = "s3cret/of:the@tests";
/** Milliseconds for a server to start. */
const START_MS = 60_000;

/** A server for tests; it is stopped and removed when disposed. */
export interface Cluster extends AsyncDisposable {
  /** URL of the superuser, with its password: `postgres://mmel_super:…@127.0.0.1:PORT/postgres`. */
  readonly url: string;
  /** Whether tests may stop it: false for the server of `MMEL_TEST_POSTGRES`. */
  readonly ours: boolean;
  /** Creates an empty database and returns its URL. */
  createDatabase(): Promise<string>;
  /** Stops it as an administrator would, which closes open connections, and starts it again on the same port. */
  restart(): Promise<void>;
  /** Stops it as a power cut would: all processes at once, without cleanup. `start` starts it again. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Stops and removes it. */
  stop(): Promise<void>;
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export interface ClusterOptions {
  /** Keeps fsync on, for tests of power cuts. */
  readonly durable?: boolean;
  /** Turns on TLS with this certificate and private key, in PEM format. Clients may use the same certificate. */
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** Lines to put first into pg_hba.conf. */
  readonly admit?: readonly string[];
}

/** Creates a cluster in a temporary folder. */
export async function ownCluster(binaries: string, options: ClusterOptions = {}): Promise<Cluster> {
  const owner = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), "mmel-postgres-"));
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
  initialise(binaries, folder, owner);
  const own = (name: string, text: string): void => {
    const path = join(folder, "data", name);
    writeFileSync(path, text, { mode: 0o600 });
    if (owner !== undefined) chownSync(path, owner.uid, owner.gid);
  };
  if (options.certificate !== undefined) {
    own("server.crt", options.certificate.cert);
    own("server.key", options.certificate.key);
    own("postgresql.auto.conf", "ssl = on\nssl_ca_file = 'server.crt'\n");
  }
  if (options.admit !== undefined) {
    const rest = readFileSync(join(folder, "data", "pg_hba.conf"), "utf8");
    own("pg_hba.conf", `${options.admit.join("\n")}\n${rest}`);
  }
  const port = await freePort();
  const url = `postgres://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    server = launch(binaries, folder, port, owner, options.durable === true);
    await untilReady(url, server, folder);
  };
  /** SIGINT does not wait for clients; SIGQUIT skips all cleanup. */
  const halt = async (signal: "SIGINT" | "SIGQUIT"): Promise<void> => {
    const running = server;
    server = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const gone = once(running, "exit");
    running.kill(signal);
    await gone;
  };
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const atExit = (): void => {
    server?.kill("SIGQUIT");
    remove();
  };
  process.once("exit", atExit);
  await start();
  const stop = async (): Promise<void> => {
    process.off("exit", atExit);
    await halt("SIGQUIT");
    remove();
  };
  return {
    url,
    ours: true,
    createDatabase: async () => withDatabase(url, await createDatabase(url)),
    async restart() {
      await halt("SIGINT");
      await start();
    },
    kill: () => halt("SIGQUIT"),
    start,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The user that Debian's package creates, for tests run by root, as which PostgreSQL does not start. */
function unprivileged(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const ask = (option: string): number =>
    Number(execFileSync("id", [option, "postgres"], { encoding: "utf8" }));
  return { uid: ask("-u"), gid: ask("-g") };
}

function initialise(binaries: string, folder: string, owner: Owner | undefined): void {
  const secret = join(folder, "password");
  writeFileSync(secret, PASSWORD, { mode: 0o600 });
  if (owner !== undefined) chownSync(secret, owner.uid, owner.gid);
  const options = [
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--no-sync",
    "--no-instructions",
  ];
  execFileSync(
    join(binaries, "initdb"),
    ["-D", join(folder, "data"), `--username=${USER}`, `--pwfile=${secret}`, ...options],
    { ...owner, cwd: folder, stdio: ["ignore", "ignore", "pipe"] },
  );
}

function launch(
  binaries: string,
  folder: string,
  port: number,
  owner: Owner | undefined,
  durable: boolean,
): ChildProcess {
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "100",
    shared_buffers: "64MB",
    ...(durable ? {} : { fsync: "off", full_page_writes: "off", synchronous_commit: "off" }),
  };
  const log = openSync(join(folder, "log"), "a", 0o600);
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return spawn(join(binaries, "postgres"), ["-D", join(folder, "data"), "-p", String(port), ...options], {
    ...owner,
    cwd: folder,
    stdio: ["ignore", log, log],
  });
}

async function untilReady(url: string, server: ChildProcess, folder: string): Promise<void> {
  const end = Date.now() + START_MS;
  for (;;) {
    try {
      await run(url, "select 1");
      return;
    } catch (error) {
      if (server.exitCode !== null || Date.now() > end) {
        const log = readFileSync(join(folder, "log"), "utf8").slice(-2000);
        throw new Error(`PostgreSQL does not start: ${log}`, { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** A free port of the loopback address. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
