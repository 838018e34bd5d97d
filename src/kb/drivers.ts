import { MmelError } from "../core/index.js";
import type { Prepared, PrepareOptions } from "./postgres/prepare.js";
import type { EntityStore, OpenOptions, StoreDriver } from "./store.js";

const SERVER = /^postgres(ql)?:\/\//i;

/** Opens the knowledge base at `target`: a folder, or `postgres://…` on a server. */
export async function openStore(target: string, options?: OpenOptions): Promise<EntityStore> {
  return (await driverFor(target)).open(target, options);
}

/** The driver for a target, loaded when first needed. */
export async function driverFor(target: string): Promise<StoreDriver> {
  if (SERVER.test(target)) return (await import("./postgres/driver.js")).postgresDriver;
  return (await import("./sqlite/driver.js")).sqliteDriver;
}

/** Makes or updates the tables of the server at `target`, as `prepareServer` says. `CONFIG` for a folder. */
export async function prepareStore(target: string, options?: PrepareOptions): Promise<Prepared> {
  if (SERVER.test(target)) return (await import("./postgres/prepare.js")).prepareServer(target, options);
  throw new MmelError("CONFIG", {
    what: "only a server has tables to prepare",
    where: target,
    expected: "postgres://…",
    hint: `mmel kb import FILE --kb ${target}`,
  });
}
