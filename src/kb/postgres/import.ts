import type { Client } from "pg";
import { type Entity, MmelError, throwIfAborted } from "../../core/index.js";
import { settleOrCut } from "../../postgres/index.js";
import { createVersionHash, SCHEMA } from "../content.js";
import type { ImportOptions, Manifest } from "../store.js";
import { writeAttachment } from "./attachment.js";
import { PARTITIONED } from "./migrations.js";
import { extensionSchema, migrate } from "./schema.js";
import { openVersion } from "./server-store.js";
import { createSession, type Session, transaction } from "./session.js";
import { type Staged, stageEntities } from "./stage.js";
import { importText } from "./statements.js";
import { parseTarget, type Target } from "./target.js";
import { lockForImport, removeOldVersions, removeVersion, startVersion } from "./versions.js";

/** Number of rows to fetch at a time for hashing. */
const FETCHED = 2000;

const FILLING = ["fillIds", "fillEntities", "fillTokens", "fillPostings", "indexTokens"] as const;

/**
 * Implements `StoreDriver.import`. Fills a version that readers cannot see, and then makes the version current by
 * changing one row.
 */
export async function importIntoServer(
  url: string,
  entities: Iterable<Entity> | AsyncIterable<Entity>,
  options: ImportOptions = {},
): Promise<Manifest> {
  throwIfAborted(options.signal);
  const target = parseTarget(url);
  let migrated = false;
  const begin = async (client: Client): Promise<void> => {
    if (!migrated) await migrate(client, target);
    migrated = true;
    await lockForImport(client, target);
    await client.query("set synchronous_commit = off"); // `assertStaged` detects rows lost in a crash
    await client.query("set client_connection_check_interval = 1000").catch(() => {}); // since PostgreSQL 14
  };
  await using session = createSession(target, { begin, signal: options.signal });
  const version = await session.run(async (client) => {
    await removeOldVersions(client, target);
    return startVersion(client, target, SCHEMA);
  });
  try {
    return await importVersion(session, target, version, entities, options);
  } catch (error) {
    await discard(target, version);
    throw error;
  }
}

async function importVersion(
  session: Session,
  target: Target,
  version: string,
  entities: Iterable<Entity> | AsyncIterable<Entity>,
  options: ImportOptions,
): Promise<Manifest> {
  const { signal } = options;
  const staged = await stageEntities(session, target.schema, version, entities, options);
  const extension = await session.run((client) => extensionSchema(client, target));
  await fillVersion(session, target, version, staged, extension);
  const hash = await hashStaged(session, target.schema, version, signal);
  const manifest: Manifest = { name: options.name ?? target.kb, version: hash, schema: SCHEMA, ...staged };
  await session.run((client) => describe(client, target, version, manifest));
  if (options.finish !== undefined) {
    await using store = await openVersion(target, version, signal);
    await options.finish(store, {
      kind: "server",
      attach: (name, pieces) =>
        session.run((client) => writeAttachment(client, target.schema, version, name, pieces)),
    });
  }
  throwIfAborted(signal);
  await session.run((client) => publish(client, target, version));
  return manifest;
}

/**
 * Fills the partitions of a version from the staged rows, in a transaction that is safe to repeat. Entities are
 * numbered as in the candidate index: the most popular entity first, and equally popular entities in order of id.
 */
async function fillVersion(
  session: Session,
  target: Target,
  version: string,
  staged: Staged,
  extension: string,
): Promise<void> {
  const place = { schema: target.schema, version, extension };
  await session.run((client) => assertStaged(client, target, version, staged));
  const steps = [
    importText("rank", place),
    ...PARTITIONED.map((table) => importText("emptyPartition", { ...place, table })),
    ...FILLING.map((name) => importText(name, place)),
  ];
  await session.run((client) =>
    transaction(client, async () => {
      for (const step of steps) await client.query(step);
    }),
  );
  await session.run(async (client) => {
    for (const table of PARTITIONED) await client.query(importText("analyzePartition", { ...place, table }));
  });
}

/** Throws `KB_DAMAGED` if a crash of the server lost staged rows, because the version would be incomplete. */
async function assertStaged(
  client: Client,
  { schema, shown }: Target,
  version: string,
  { entities }: Staged,
): Promise<void> {
  const { rows } = await client.query(importText("countStaged", { schema, version }));
  if (Number(rows[0].count) === entities) return;
  throw new MmelError("KB_DAMAGED", {
    what: `the server lost data: it has ${rows[0].count} of ${entities} imported entities`,
    where: shown,
    hint: "Import the knowledge base again.",
  });
}

/** Computes the hash of a version from its staged rows, in order of id. */
function hashStaged(
  session: Session,
  schema: string,
  version: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  return session.run((client) =>
    transaction(client, async () => {
      const hash = createVersionHash();
      await client.query(importText("stagedLines", { schema, version }));
      for (;;) {
        throwIfAborted(signal);
        const { rows } = await client.query(`fetch ${FETCHED} from lines`);
        if (rows.length === 0) return hash.version();
        for (const { line } of rows) hash.add(line);
      }
    }),
  );
}

/** Stores the manifest of a version and drops its staging tables. */
async function describe(
  client: Client,
  { schema }: Target,
  version: string,
  manifest: Manifest,
): Promise<void> {
  const { name, version: hash, entities, names } = manifest;
  await transaction(client, async () => {
    await client.query(importText("describe", { schema }), [version, name, hash, entities, names]);
    await client.query(importText("dropStages", { schema, version }));
  });
}

/**
 * Makes a version current, durably. The previous version stays until the next import, as with a knowledge base in a
 * folder.
 */
async function publish(client: Client, target: Target, version: string): Promise<void> {
  const { schema, kb } = target;
  await transaction(client, async () => {
    await client.query(importText("complete", { schema }), [version]);
    await client.query(importText("publish", { schema }), [kb, version]);
  });
}

/** Removes an incomplete version. If the server is unavailable, the next import removes the version instead. */
async function discard(target: Target, version: string): Promise<void> {
  await using session = createSession({ ...target, retry: 0 }, { begin: async () => {} });
  const removed = session.run((client) => removeVersion(client, target.schema, version));
  await settleOrCut(removed, () => void session[Symbol.asyncDispose]());
}
