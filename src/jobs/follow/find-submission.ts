import { MmelError } from "../../core/index.js";
import type { Database } from "../database.js";

/**
 * The id of the submission that the user means: by its id or the beginning of it, by the name of its file, or the only
 * one there is. `USAGE` when that says none, or more than one.
 */
export async function findSubmission({ query, shown }: Database, asked: string | undefined): Promise<string> {
  const { rows } = await query<{ id: string; name: string; label: string | null; made: string }>(
    `select id, name, label, to_char(created at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as made
     from mmel_jobs.submission
     where $1::text is null or starts_with(id, $1) or name = $1 or label = $1 order by created`,
    [asked ?? null],
  );
  const only = rows.length === 1 ? rows[0] : rows.find(({ id }) => id === asked);
  if (only !== undefined) return only.id;
  const what =
    rows.length === 0
      ? asked === undefined
        ? "there is no submission yet"
        : `there is no submission "${asked}"`
      : `${rows.length} submissions ${asked === undefined ? "are there" : `are called "${asked}"`}`;
  const listed = rows.slice(-5).map(({ id, name, label, made }) => {
    const called = label === null ? name : `${name}, "${label}"`;
    return `${id} (${called}, ${made} UTC)`;
  });
  throw new MmelError("USAGE", {
    what,
    where: shown,
    expected: rows.length === 0 ? undefined : `the id of one, such as ${listed.join(", ")}`,
    hint: rows.length === 0 ? "mmel jobs status" : undefined,
  });
}
