import { type Entity, throwIfAborted } from "../../core/index.js";
import { decodeEntity, keyOf } from "../content.js";
import type { EntityStore } from "../store.js";
import { createNameIndex } from "./name-index.js";
import { openReader, type Reader } from "./reader.js";
import { searchServerNames } from "./search-names.js";
import type { Target } from "./target.js";
import { manifestOf } from "./versions.js";

/** Ids or numbers asked for in one statement. */
const ASKED = 2000;

/** Opens the current version of a knowledge base on a server. */
export async function openServer(url: string): Promise<EntityStore> {
  return createServerStore(await openReader(url));
}

/** Opens one version, also one that is not complete yet. */
export async function openVersion(target: Target, version: string): Promise<EntityStore> {
  return createServerStore(await openReader(target, version));
}

function createServerStore(reader: Reader): EntityStore {
  const index = createNameIndex(reader);
  const byKeys = async (keys: readonly Buffer[]): Promise<readonly Entity[]> => {
    const rows = await reader.query<{ number: number }>("numbersOfKeys", [keys]);
    return [...(await index.entities(rows.map(({ number }) => number))).values()];
  };
  const close = async (): Promise<void> => reader[Symbol.asyncDispose]();
  return {
    manifest: manifestOf(reader.row),
    index,
    async getMany(ids) {
      const wanted = [...new Set(ids)];
      const byId = new Map<string, Entity>();
      for (let at = 0; at === 0 || at < wanted.length; at += ASKED)
        for (const entity of await byKeys(wanted.slice(at, at + ASKED).map(keyOf)))
          byId.set(entity.id, entity);
      return new Map(wanted.flatMap((id) => (byId.has(id) ? [[id, byId.get(id)!]] : [])));
    },
    searchNames: (name, { limit = 10 } = {}) => searchServerNames(index, name, limit),
    async *all({ signal } = {}) {
      let last = keyOf("");
      for (;;) {
        throwIfAborted(signal);
        const page = await reader.query<{ key: Buffer; number: number }>("page", [last]);
        if (page.length === 0) return;
        const found = await lines(
          reader,
          page.map(({ number }) => number),
        );
        for (const { number } of page) {
          throwIfAborted(signal);
          yield decodeEntity(found.get(number)!);
        }
        last = page.at(-1)!.key;
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function lines(reader: Reader, numbers: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const rows = await reader.query<{ number: number; line: string }>("lines", [numbers]);
  return new Map(rows.map(({ number, line }) => [number, line]));
}
