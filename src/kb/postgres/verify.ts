import { MmelError } from "../../core/index.js";
import { createVersionHash } from "../content.js";
import type { Verification, VerifyOptions } from "../store.js";
import { readAttachment } from "./attachment.js";
import { openReader, type Reader } from "./reader.js";
import { decodeKeyed, type IdRow, readIds, readLines } from "./rows.js";
import { ENTRY, MOST_PARTS, type PostingRow, readPostings } from "./search.js";
import { damagedOnServer } from "./sums.js";
import { manifestOf } from "./versions.js";

/** Implements `StoreDriver.verify` for servers. Reads every table of the version through the statements that readers use. */
export async function verifyServer(url: string, options: VerifyOptions = {}): Promise<Verification> {
  await using reader = await openReader(url, { signal: options.signal });
  const manifest = manifestOf(reader.row);
  const damage: MmelError[] = [];
  await checkEntities(reader, options, damage);
  const words = await checkWords(reader, options, damage);
  const blocks = await checkAttachments(reader, options, damage);
  return {
    manifest,
    checked: [
      { what: "entity", count: manifest.entities },
      { what: "word", count: words },
      { what: "block", count: blocks },
    ],
    damage,
  };
}

/** Runs a check. Adds a thrown `KB_DAMAGED` to `damage`, and rethrows any other error. */
async function collect(damage: MmelError[], check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (!(error instanceof MmelError) || error.code !== "KB_DAMAGED") throw error;
    damage.push(error);
  }
}

/** Checks the tables `id` and `entity`: every row, their number, and that they have the content of the version. */
async function checkEntities(reader: Reader, options: VerifyOptions, damage: MmelError[]): Promise<void> {
  const { hash, entities, name } = reader.row;
  const before = damage.length;
  const content = createVersionHash();
  let done = 0;
  const checkRows = async (rows: readonly IdRow[]): Promise<void> => {
    const lines = await readLines(
      reader,
      rows.map(({ number }) => number),
    );
    for (const row of rows) {
      const line = lines.get(row.number)!;
      decodeKeyed(reader, row, line);
      content.add(line);
    }
  };
  await collect(damage, async () => {
    for await (const page of readIds(reader, options.signal)) {
      const found: MmelError[] = [];
      await collect(found, () => checkRows(page));
      // a page with damage is read again row by row, to find every damaged row
      if (found.length > 0) for (const row of page) await collect(damage, () => checkRows([row]));
      done += page.length;
      options.onProgress?.({ stage: "entities", done, total: Number(entities) });
    }
  });
  if (damage.length > before) return;
  if (done !== Number(entities))
    damage.push(damagedOnServer(`it contains ${done} of ${entities} entities`, reader.target.shown));
  else if (content.version() !== hash)
    damage.push(damagedOnServer(`its entities are not those of ${name}@${hash}`, reader.target.shown));
}

/** Checks the tables `token` and `posting`. Returns the number of words. */
async function checkWords(reader: Reader, options: VerifyOptions, damage: MmelError[]): Promise<number> {
  let [last, words] = ["", 0];
  for (;;) {
    const page = await reader.query<{ token: string; entities: number }>("tokenPage", [last]);
    if (page.length === 0) return words;
    const tokens = page.map(({ token }) => token);
    const postings = new Map<string, PostingRow[]>(tokens.map((token) => [token, []]));
    await collect(damage, async () => {
      for (const row of await readPostings(reader, tokens, MOST_PARTS)) postings.get(row.token)?.push(row);
      for (const { token, entities } of page) {
        const bytes = postings.get(token)!.reduce((sum, row) => sum + row.entries.length, 0);
        if (bytes !== entities * ENTRY)
          throw damagedOnServer(
            `the list of entities with the word ${JSON.stringify(token)} has another length`,
            `${reader.target.shown}, table posting`,
          );
      }
    });
    last = tokens.at(-1)!;
    words += page.length;
    options.onProgress?.({ stage: "words", done: words });
  }
}

/** Checks the attachments, such as the candidate index. Returns the number of their blocks. */
async function checkAttachments(
  reader: Reader,
  options: VerifyOptions,
  damage: MmelError[],
): Promise<number> {
  let blocks = 0;
  const onPart = (): void => {
    blocks++;
    options.onProgress?.({ stage: "blocks", done: blocks });
  };
  for (const { name } of await reader.query<{ name: string }>("attachmentNames", []))
    await collect(damage, async () => {
      if ((await readAttachment(reader, name, onPart)) === undefined)
        throw damagedOnServer("it is missing", `${reader.target.shown}, ${name}, block 0`);
    });
  return blocks;
}
