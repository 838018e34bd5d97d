import { addPieces, type JobQueue } from "../queue/index.js";
import type { Chunk } from "./chunks.js";

/** Stores a chunk with its piece and its job, all or nothing; one that is there already stays as it is. */
export async function storeChunk(
  { database, boss }: JobQueue,
  submission: string,
  { first, captions, text }: Chunk,
): Promise<void> {
  const size = captions.length;
  await database.transaction(async (sql) => {
    const { changed } = await sql.query(
      `insert into mmel_jobs.chunk (submission, first, size, captions) values ($1, $2, $3, $4)
       on conflict do nothing`,
      [submission, first, size, text],
    );
    if (changed > 0) await addPieces(boss, sql, submission, [{ chunk: first, first, size }]);
  });
}
