import { type App, addContents, addPictures, exportLike, openTable } from "../app/index.js";
import { type BadLine, readCaption } from "../files/index.js";
import type { Item } from "../review/index.js";
import type { Catalogue, TableMapping } from "./client.js";
import type { TableTask } from "./desk.js";
import { titleOf } from "./fields.js";

/** Opens the dialog that adds a catalogue or, with `update`, updates one. Without a file, the dialog asks for one. */
export function addCatalogue(app: App, file?: File, update?: Catalogue): void {
  openTable(app, { as: "entities", ...(file && { file }), ...(update && { update }) });
}

/**
 * Reads the captions of a table and opens them, together with the pictures of the task. Calls `onRead` with the number
 * of captions read so far. If the signal aborts, opens nothing.
 */
export async function openCaptions(
  app: App,
  { file, pictures = [] }: TableTask & { readonly file: File },
  mapping: TableMapping,
  { signal, onRead }: { readonly signal: AbortSignal; readonly onRead: (count: number) => void },
): Promise<void> {
  const items: Item[] = [];
  const bad: BadLine[] = [];
  const hasIds = Object.values(mapping.columns).some(({ field }) => field === "id");
  const reject = (line: number, reason: string): void => void bad.push({ file: file.name, line, reason });
  for await (const line of app.desk.api.captions(file, mapping, signal)) {
    if (line.rejected !== undefined) reject(line.rejected.line, line.rejected.error);
    else items.push(withOwnId(readCaption(line.caption), hasIds ? undefined : titleOf(file.name)));
    if ((items.length + bad.length) % 100 === 0) onRead(items.length);
  }
  addContents(app, { items, links: [], bad });
  const { delimiter } = mapping;
  exportLike(app, delimiter === undefined ? "captions-reviewed.xlsx" : "captions-reviewed.csv", delimiter);
  if (pictures.length > 0) addPictures(app, pictures, true);
}

/** Adds the name of the table to an id that is only the number of a row, which is the same in every table. */
const withOwnId = (item: Item, table: string | undefined): Item =>
  table === undefined ? item : { ...item, id: `${table}-${item.id}` };
