import { MmelError } from "../core/index.js";
import type { EntityStore, StoreDriver } from "./store.js";

/** Opens the knowledge base at `target`: a folder. `CONFIG` for a server, which no driver reaches yet. */
export async function openStore(target: string): Promise<EntityStore> {
  return (await driverFor(target)).open(target);
}

/** The driver for a target, loaded when first needed. */
export async function driverFor(target: string): Promise<StoreDriver> {
  if (/^postgres(ql)?:\/\//i.test(target))
    throw new MmelError("CONFIG", {
      what: "a knowledge base on a PostgreSQL server is not supported yet",
      where: "--kb postgres://…",
      expected: "a folder",
      hint: "--kb kb",
    });
  return (await import("./sqlite/driver.js")).sqliteDriver;
}
