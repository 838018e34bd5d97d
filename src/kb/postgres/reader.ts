import type { Client } from "pg";
import { MmelError } from "../../core/index.js";
import { connect, createSockets, disconnect, type Sockets, settleOrCut } from "../../postgres/index.js";
import { LAYOUT } from "./migrations.js";
import { assertNotNewer, extensionSchema } from "./schema.js";
import { serverConfig, withServer } from "./session.js";
import { needsTrigrams, type StatementName, statementText } from "./statements.js";
import { parseTarget, type Target } from "./target.js";
import { lockForReading, type VersionRow } from "./versions.js";

/**
 * An open version of a knowledge base on a server. Importers do not remove the version while the reader is open and
 * connected.
 */
export interface Reader extends AsyncDisposable {
  readonly target: Target;
  readonly row: VersionRow;
  /** Throws `INTERNAL` if the reader is closed. */
  assertOpen(): void;
  /** Runs a statement. `$1` is the version; `values` are `$2`, `$3` and so on. */
  query<Row>(name: StatementName, values: readonly unknown[]): Promise<Row[]>;
}

export interface ReaderOptions {
  /** Version to open; default: the current version. */
  readonly version?: string;
  /** When the signal fires, all requests that wait for the server throw `ABORTED`. */
  readonly signal?: AbortSignal | undefined;
}

/** Opens a version for reading. Requires only `USAGE` on the schema and `SELECT` on its tables. */
export async function openReader(
  url: string | Target,
  { version, signal }: ReaderOptions = {},
): Promise<Reader> {
  const target = typeof url === "string" ? parseTarget(url) : url;
  const { default: pg } = await import("pg");
  const sockets = createSockets();
  let keeper: Keeper | undefined;
  let closed = false;
  /**
   * Reacquires a lost lock immediately, so that an import has little time to remove the version. If this fails, the
   * next query tries again.
   */
  const onLoss = (): void => {
    if (!closed) void withServer(target, "reading", signal, hold).catch(() => {});
  };
  const lockOn = (which: string | undefined): Promise<Locked> => lockVersion(target, which, onLoss, sockets);
  const hold = async (): Promise<void> => {
    if (closed || keeper?.alive()) return;
    const fresh = (await lockOn(lock.row.version)).keeper;
    if (closed || keeper?.alive()) await disconnect(fresh.client);
    else keeper = fresh;
  };
  const release = (): void => {
    sockets.cut();
    signal?.removeEventListener("abort", sockets.cut);
  };
  signal?.addEventListener("abort", sockets.cut);
  const lock = await withServer(target, "reading", signal, () => lockOn(version)).catch((error) => {
    release();
    throw error;
  });
  keeper = lock.keeper;
  const pool = new pg.Pool({
    ...serverConfig(target, {
      timeout: target.timeout,
      similarity: similarityFor(Number(lock.row.entities)),
      sockets,
    }),
    max: target.pool,
    idleTimeoutMillis: 30_000,
  });
  pool.on("error", () => {}); // an idle connection was lost; the next query opens a new one
  const texts = new Map<StatementName, string>();

  const textOf = async (name: StatementName): Promise<string> => {
    const known = texts.get(name);
    if (known !== undefined) return known;
    const extension = needsTrigrams(name) ? await extensionSchema(pool, target) : "";
    const text = statementText(name, target.schema, extension);
    texts.set(name, text);
    return text;
  };
  const assertOpen = (): void => {
    if (closed)
      throw new MmelError("INTERNAL", { what: "the knowledge base is closed", where: target.shown });
  };
  const attempt = async <Row>(name: StatementName, values: readonly unknown[]): Promise<Row[]> => {
    await hold();
    assertOpen();
    const result = await pool.query({ name, text: await textOf(name), values: [...values] });
    return result.rows as Row[];
  };
  return {
    target,
    row: lock.row,
    assertOpen,
    async query(name, values) {
      assertOpen();
      return withServer(target, "reading", signal, () => attempt(name, [lock.row.version, ...values]));
    },
    async [Symbol.asyncDispose]() {
      if (closed) return;
      closed = true;
      await settleOrCut(Promise.all([pool.end(), keeper?.client.end()]), sockets.cut);
      release();
    },
  };
}

/** Reads the row of the current version, on a connection of its own. Takes no lock. */
export async function readCurrent(url: string, signal: AbortSignal | undefined): Promise<VersionRow> {
  const target = parseTarget(url);
  const sockets = createSockets();
  signal?.addEventListener("abort", sockets.cut);
  try {
    return await withServer(target, "reading", signal, async () => {
      const client = await connect(target, serverConfig(target, { timeout: target.timeout, sockets }));
      try {
        await assertReadable(client, target);
        const row = await find(client, target);
        if (row === undefined) throw notFound(target);
        return row;
      } finally {
        await disconnect(client);
      }
    });
  } finally {
    sockets.cut();
    signal?.removeEventListener("abort", sockets.cut);
  }
}

/** A knowledge base with fewer entities than this has a small dictionary of words. */
const SMALL = 100_000;

/**
 * Returns the minimum similarity at which pg_trgm finds a word. With 0.25, `Kng` still finds `King`. A small
 * dictionary allows a lower minimum, and therefore a wider search.
 */
function similarityFor(entities: number): number {
  return entities < SMALL ? 0.2 : 0.25;
}

/** The connection that holds the lock on a version. The lock tells importers that the version is in use. */
interface Keeper {
  readonly client: Client;
  alive(): boolean;
}

interface Locked {
  readonly keeper: Keeper;
  readonly row: VersionRow;
}

async function lockVersion(
  target: Target,
  version: string | undefined,
  onLoss: () => void,
  sockets: Sockets,
): Promise<Locked> {
  const client = await connect(target, serverConfig(target, { timeout: target.timeout, sockets }));
  let alive = true;
  let held = false;
  client.once("end", () => {
    alive = false;
    if (held) onLoss();
  });
  try {
    await assertReadable(client, target);
    const row = await holdVersion(client, target, version);
    held = true;
    return { keeper: { client, alive: () => alive }, row };
  } catch (error) {
    await disconnect(client);
    throw error;
  }
}

/**
 * Finds a version and locks it. Importers must lock a version before they remove it. If the version still exists after
 * this function has locked it, the version stays until the lock is released.
 */
async function holdVersion(client: Client, target: Target, version: string | undefined): Promise<VersionRow> {
  for (;;) {
    const found = await find(client, target, version);
    if (found === undefined) throw version === undefined ? notFound(target) : replaced(target);
    await lockForReading(client, target.schema, found.version);
    const still = await find(client, target, found.version);
    if (still !== undefined) return still;
  }
}

async function find(
  client: Client,
  { schema, kb }: Target,
  version?: string,
): Promise<VersionRow | undefined> {
  const name = version === undefined ? "current" : "version";
  const { rows } = await client.query(statementText(name, schema, ""), [version ?? kb]);
  return rows[0];
}

async function assertReadable(client: Client, target: Target): Promise<void> {
  const { rows } = await client.query(statementText("layout", target.schema, ""));
  const layout: number = rows[0]?.number ?? 0;
  assertNotNewer(layout, target);
  if (layout === LAYOUT) return;
  throw new MmelError("CONFIG", {
    what: `the tables were created by an older version of mmel (layout ${layout})`,
    where: target.shown,
    expected: `layout ${LAYOUT}`,
    hint: "Ask the owner of the schema to run `mmel kb prepare --kb …`, then import the knowledge base again.",
  });
}

function notFound(target: Target): MmelError {
  return new MmelError("KB_NOT_FOUND", {
    what: `there is no knowledge base ${JSON.stringify(target.kb)} in the schema ${target.schema}`,
    where: target.shown,
    expected: "the name of an existing knowledge base after ?kb=",
    hint: "Create the knowledge base with `mmel kb import FILE --kb …`.",
  });
}

function replaced(target: Target): MmelError {
  return new MmelError("KB_NOT_FOUND", {
    what: "an import replaced the open version while the connection was lost",
    where: target.shown,
    hint: "Open the knowledge base again.",
  });
}
