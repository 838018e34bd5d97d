import type { Client } from "pg";
import { type Entity, throwIfAborted } from "../../core/index.js";
import { SCHEMA } from "../content.js";
import type { ImportOptions, Manifest } from "../store.js";
import { writeAttachment } from "./attachment.js";
import { fillVersion, hashStaged, transaction } from "./fill.js";
import { migrate } from "./migrate.js";
import { openVersion } from "./open.js";
import { createSession, type Session } from "./session.js";
import { farewell } from "../../postgres/sockets.js";
import { stageEntities } from "./stage.js";
import { importText } from "./statements.js";
import { parseTarget, type Target } from "./target.js";
import { extensionSchema } from "./trigrams.js";
import { lockForImport, removeOldVersions, removeVersion, startVersion } from "./versions.js";

/** Imports into a server as `StoreDriver.import` says: a version is filled unseen, then one row makes it the current one. */
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
    await client.query("set synchronous_commit = off"); // what is lost with the server is noticed and done again
    await client.query("set client_connection_check_interval = 1000").catch(() => {}); // since PostgreSQL 14
  };
  await using session = createSession(target, { begin, signal: options.signal });
  const version = await session.run(async (client) => {
    await removeOldVersions(client, target);
    return startVersion(client, target, SCHEMA);
  });
  try {
    return await fill(session, target, version, entities, options);
  } catch (error) {
    await discard(target, version);
    throw error;
  }
}

async function fill(
  session: Session,
  target: Target,
  version: string,
  entities: Iterable<Entity> | AsyncIterable<Entity>,
  options: ImportOptions,
): Promise<Manifest> {
  const { signal } = options;
  const staged = await stageEntities(session, target.schema, version, entities, options);
  const extension = await session.run((client) => extensionSchema(client, target));
  await fillVersion(session, target.schema, version, staged, extension);
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

/** Writes down what the version says of itself and drops what it was made from. */
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

/** Makes a version the current one, durably. The one before stays until the next import, as in a folder. */
async function publish(client: Client, target: Target, version: string): Promise<void> {
  const { schema, kb } = target;
  await transaction(client, async () => {
    await client.query(importText("complete", { schema }), [version]);
    await client.query(importText("publish", { schema }), [kb, version]);
  });
}

/** Removes a version that did not become complete; when the server does not let it, the next import does. */
async function discard(target: Target, version: string): Promise<void> {
  await using session = createSession({ ...target, retry: 0 }, { begin: async () => {} });
  const removed = session.run((client) => removeVersion(client, target.schema, version));
  await farewell(removed, () => void session[Symbol.asyncDispose]());
}
