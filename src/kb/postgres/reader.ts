import type { Client, Pool } from "pg";
import { MmelError } from "../../core/index.js";
import { connect, connectionConfig, persist } from "./connect.js";
import { assertNotNewer } from "./migrate.js";
import { LAYOUT } from "./migrations.js";
import { type StatementName, statementText } from "./statements.js";
import { parseTarget, type Target } from "./target.js";
import { extensionSchema } from "./trigrams.js";
import { lockForReading, type VersionRow } from "./versions.js";

/** Runs statements over one version, which stays while this is open. */
export interface Reader extends AsyncDisposable {
  readonly target: Target;
  readonly row: VersionRow;
  /** `INTERNAL` when this is closed. */
  assertOpen(): void;
  query<Row>(name: StatementName, values: readonly unknown[]): Promise<Row[]>;
}

/** Opens the given version, or the current one. Wants no right but SELECT. */
export async function openReader(url: string | Target, version?: string): Promise<Reader> {
  const target = typeof url === "string" ? parseTarget(url) : url;
  const { default: pg } = await import("pg");
  let keeper: Keeper | undefined;
  let closed = false;
  /** A lost lock is taken again at once, before an import may remove the version; if that fails, by the next query. */
  const onLoss = (): void => {
    if (!closed) void persist(target, undefined, hold).catch(() => {});
  };
  const hold = async (): Promise<void> => {
    if (closed || keeper?.alive()) return;
    const fresh = (await lockVersion(target, lock.row.version, onLoss)).keeper;
    if (closed || keeper?.alive()) await fresh.client.end().catch(() => {});
    else keeper = fresh;
  };
  const lock = await persist(target, undefined, () => lockVersion(target, version, onLoss));
  keeper = lock.keeper;
  const pool = new pg.Pool({
    ...connectionConfig(target, {
      timeout: target.timeout,
      similarity: similarityFor(Number(lock.row.entities)),
    }),
    max: target.pool,
    idleTimeoutMillis: 30_000,
  });
  pool.on("error", () => {}); // an idle connection was lost; the next query makes another
  const texts = new Map<StatementName, string>();

  const textOf = (name: StatementName): string => {
    const text = texts.get(name) ?? statementText(name, target.schema, lock.extension);
    texts.set(name, text);
    return text;
  };
  const attempt = async <Row>(name: StatementName, values: readonly unknown[]): Promise<Row[]> => {
    await hold();
    const result = await pool.query({ name, text: textOf(name), values: [...values] });
    return result.rows as Row[];
  };
  const assertOpen = (): void => {
    if (closed)
      throw new MmelError("INTERNAL", { what: "a closed knowledge base was read", where: target.shown });
  };
  return {
    target,
    row: lock.row,
    assertOpen,
    async query(name, values) {
      assertOpen();
      return persist(target, undefined, () => attempt(name, [lock.row.version, ...values]));
    },
    async [Symbol.asyncDispose]() {
      if (closed) return;
      closed = true;
      await Promise.all([end(pool), keeper?.client.end().catch(() => {})]);
    },
  };
}

/** Up to so many entities a dictionary is small. */
const SMALL = 100_000;

/** At 0.25 `Kng` still finds `King`; a small dictionary can be searched more widely. */
function similarityFor(entities: number): number {
  return entities < SMALL ? 0.2 : 0.25;
}

/** The connection that tells importers that a version is read. */
interface Keeper {
  readonly client: Client;
  alive(): boolean;
}

interface Locked {
  readonly keeper: Keeper;
  readonly row: VersionRow;
  readonly extension: string;
}

async function lockVersion(target: Target, version: string | undefined, onLoss: () => void): Promise<Locked> {
  const client = await connect(target, { timeout: target.timeout });
  let alive = true;
  let held = false;
  client.once("end", () => {
    alive = false;
    if (held) onLoss();
  });
  try {
    await assertReadable(client, target);
    const extension = await extensionSchema(client, target);
    const row = await holdVersion(client, target, version);
    held = true;
    return { keeper: { client, alive: () => alive }, row, extension };
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

/** Whoever removes a version holds its lock, so a version that is there when locked stays. */
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
    what: `the tables have layout ${layout}, made by an older version of mmel`,
    where: target.shown,
    expected: `layout ${LAYOUT}`,
    hint: "mmel kb prepare --kb …, by the owner of the schema, then importing again",
  });
}

function notFound(target: Target): MmelError {
  return new MmelError("KB_NOT_FOUND", {
    what: `no knowledge base ${JSON.stringify(target.kb)} in the schema ${target.schema}`,
    where: target.shown,
    expected: "the name of one after ?kb=",
    hint: "mmel kb import FILE --kb …",
  });
}

function replaced(target: Target): MmelError {
  return new MmelError("KB_NOT_FOUND", {
    what: "the version that was read was replaced while the connection was lost",
    where: target.shown,
    hint: "opening the knowledge base again",
  });
}

async function end(pool: Pool): Promise<void> {
  await pool.end().catch(() => {});
}
