import { type Entity, throwIfAborted } from "../../core/index.js";
import { createEntityCache } from "../cache.js";
import { decodeEntity, keyOf } from "../content.js";
import type { EntityStore, OpenOptions } from "../store.js";
import { readAttachment } from "./attachment.js";
import { openReader, type Reader } from "./reader.js";
import { searchServerNames } from "./search-names.js";
import type { Target } from "./target.js";
import { manifestOf } from "./versions.js";
import { createWords } from "./words.js";

/** Ids or numbers asked for in one statement. */
const ASKED = 2000;

/** Opens the current version of a knowledge base on a server. */
export async function openServer(url: string, { signal }: OpenOptions = {}): Promise<EntityStore> {
  return createServerStore(await openReader(url, { signal }));
}

/** Opens one version, also one that is not complete yet. */
export async function openVersion(
  target: Target,
  version: string,
  signal: AbortSignal | undefined,
): Promise<EntityStore> {
  return createServerStore(await openReader(target, { version, signal }));
}

function createServerStore(reader: Reader): EntityStore {
  const cache = createEntityCache();
  const byNumbers = async (numbers: readonly number[]): Promise<readonly Entity[]> =>
    [...(await lines(reader, numbers)).values()].map(cache.decode);
  const search = {
    words: createWords(reader),
    size: Number(reader.row.entities),
    entitiesOf: byNumbers,
  };
  const byKeys = async (keys: readonly Buffer[]): Promise<readonly Entity[]> => {
    const rows = await reader.query<{ number: number }>("numbersOfKeys", [keys]);
    return byNumbers(rows.map(({ number }) => number));
  };
  const close = async (): Promise<void> => reader[Symbol.asyncDispose]();
  return {
    manifest: manifestOf(reader.row),
    attachment: (name) => readAttachment(reader, name),
    async getMany(ids) {
      reader.assertOpen();
      const found = new Map(ids.map((id) => [id, cache.get(id)]));
      const missing = [...found.keys()].filter((id) => found.get(id) === undefined);
      for (let at = 0; at < missing.length; at += ASKED)
        for (const entity of await byKeys(missing.slice(at, at + ASKED).map(keyOf)))
          found.set(entity.id, entity);
      for (const id of missing) if (found.get(id) === undefined) found.delete(id);
      return found as Map<string, Entity>;
    },
    searchNames: (name, { limit = 10 } = {}) => searchServerNames(search, name, limit),
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
