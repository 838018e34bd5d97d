import type { Entity } from "../core/index.js";

/** What two sets of entities hold under one id: one of the two, or both. */
export type Pair =
  | { readonly before: Entity; readonly after?: undefined }
  | { readonly before?: undefined; readonly after: Entity }
  | { readonly before: Entity; readonly after: Entity };

type Entities = Iterable<Entity> | AsyncIterable<Entity>;

/** Walks two streams in order of id (code units) side by side, in the memory of two entities. */
export async function* pairById(before: Entities, after: Entities): AsyncGenerator<Pair> {
  const left = iteratorOf(before);
  const right = iteratorOf(after);
  try {
    let a = await nextOf(left);
    let b = await nextOf(right);
    while (a !== undefined || b !== undefined) {
      if (b === undefined || (a !== undefined && a.id < b.id)) {
        yield { before: a! };
        a = await nextOf(left);
      } else if (a === undefined || b.id < a.id) {
        yield { after: b };
        b = await nextOf(right);
      } else {
        yield { before: a, after: b };
        a = await nextOf(left);
        b = await nextOf(right);
      }
    }
  } finally {
    await left.return?.();
    await right.return?.();
  }
}

type EntityIterator = Iterator<Entity> | AsyncIterator<Entity>;

function iteratorOf(entities: Entities): EntityIterator {
  return Symbol.asyncIterator in entities ? entities[Symbol.asyncIterator]() : entities[Symbol.iterator]();
}

async function nextOf(iterator: EntityIterator): Promise<Entity | undefined> {
  const next = await iterator.next();
  return next.done ? undefined : next.value;
}
