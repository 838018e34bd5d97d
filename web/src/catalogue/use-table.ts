import { useEffect, useState } from "preact/hooks";
import { useApp } from "../components/context.js";
import type { CatalogueApi, TableKind, TablePreview } from "./client.js";
import type { TableTask } from "./desk.js";
import { blockers, type Column, mappingOf, type RowPreview } from "./fields.js";
import { messageOf } from "./importing.js";
import { firstEntities, isJsonLines } from "./records.js";

/** A table and what its columns become. */
export type Table =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly message: string }
  | ({
      readonly kind: "ready";
      readonly columns: readonly Column[];
      readonly problems: readonly string[];
    } & (
      | { readonly preview: TablePreview; readonly records?: undefined }
      /** JSON Lines have no columns. */
      | { readonly preview?: undefined; readonly records: readonly RowPreview[] }
    ));

/** Milliseconds to wait after the last change of a column before the service checks the columns again. */
const DEBOUNCE = 400;

/**
 * Asks the service for the columns of a table and what they become. When the reviewer changes the columns, asks the
 * service what is wrong with them.
 */
export function useTable({ as, file }: TableTask & { readonly file: File }): {
  readonly table: Table;
  readonly setColumns: (columns: readonly Column[]) => void;
} {
  const app = useApp();
  const [table, setTable] = useState<Table>({ kind: "loading" });
  const [changed, setChanged] = useState<readonly Column[]>();

  useEffect(() => {
    const control = new AbortController();
    read(app.desk.api, as, file, control.signal).then(
      (found) => !control.signal.aborted && setTable(found),
      (error: unknown) => {
        if (!control.signal.aborted) setTable({ kind: "failed", message: messageOf(error) });
      },
    );
    return () => control.abort();
  }, []);

  useEffect(() => {
    if (changed === undefined || table.kind !== "ready" || table.preview === undefined) return;
    if (blockers(as, changed).length > 0) return;
    const control = new AbortController();
    const { preview } = table;
    const timer = setTimeout(() => {
      const check = app.desk.api.preview(file, as, mappingOf(preview, changed, as), control.signal);
      const show = (problems: readonly string[]): void =>
        setTable((now) => (now.kind === "ready" && !control.signal.aborted ? { ...now, problems } : now));
      check.then(
        ({ problems }) => show(problems),
        (error: unknown) => show([`${messageOf(error)}.`]),
      );
    }, DEBOUNCE);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [changed]);

  return {
    table,
    setColumns(columns) {
      setTable((now) => (now.kind === "ready" ? { ...now, columns, problems: [] } : now));
      setChanged(columns);
    },
  };
}

async function read(api: CatalogueApi, as: TableKind, file: File, signal: AbortSignal): Promise<Table> {
  if (as === "entities" && isJsonLines(file)) {
    const { records, problems } = await firstEntities(file);
    return { kind: "ready", columns: [], records, problems };
  }
  const preview = await api.preview(file, as, undefined, signal);
  return { kind: "ready", columns: preview.columns, preview, problems: preview.problems };
}
