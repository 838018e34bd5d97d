import { useEffect, useState } from "preact/hooks";
import { useApp } from "../components/context.js";
import type { CatalogueApi, TableKind, TablePreview, TableSettings } from "./client.js";
import type { TableTask } from "./desk.js";
import { blockers, type Column, mappingOf, type RowPreview } from "./fields.js";
import { messageOf } from "./importing.js";
import { firstEntities, isJsonLines } from "./records.js";

/** A table and what its columns become. */
export type Table =
  | { readonly kind: "loading" }
  /** If the file could be read before the reviewer changed the settings, `preview` is from then. */
  | { readonly kind: "failed"; readonly message: string; readonly preview?: TablePreview | undefined }
  | ({
      readonly kind: "ready";
      readonly columns: readonly Column[];
      readonly problems: readonly string[];
      /** Whether the service still reads the table with the settings that the reviewer chose last. */
      readonly isReading?: boolean;
    } & (
      | { readonly preview: TablePreview; readonly records?: undefined }
      /** JSON Lines have no columns. */
      | { readonly preview?: undefined; readonly records: readonly RowPreview[] }
    ));

/** Milliseconds to wait after the last change of a column before the service checks the columns again. */
const DEBOUNCE = 400;

export interface UsedTable {
  readonly table: Table;
  /** What the reviewer corrected. All other settings are guessed. */
  readonly settings: TableSettings;
  readonly setColumns: (columns: readonly Column[]) => void;
  /** Reads the table again. What its columns become is guessed again. */
  readonly setSettings: (settings: TableSettings) => void;
}

/**
 * Asks the service for the columns of a table and what they become. When the reviewer changes the columns, asks the
 * service what is wrong with them.
 */
export function useTable({ as, file }: TableTask & { readonly file: File }): UsedTable {
  const app = useApp();
  const [table, setTable] = useState<Table>({ kind: "loading" });
  const [settings, setSettings] = useState<TableSettings>({});
  const [changed, setChanged] = useState<readonly Column[]>();

  useEffect(() => {
    const control = new AbortController();
    read(app.desk.api, as, file, settings, control.signal).then(
      (found) => !control.signal.aborted && setTable(found),
      (error: unknown) => {
        if (control.signal.aborted) return;
        setTable((now) => ({ kind: "failed", message: messageOf(error), preview: previewIn(now) }));
      },
    );
    return () => control.abort();
  }, [settings]);

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
    settings,
    setColumns(columns) {
      setTable((now) => (now.kind === "ready" ? { ...now, columns, problems: [] } : now));
      setChanged(columns);
    },
    setSettings(chosen) {
      setTable((now) => (now.kind === "ready" ? { ...now, isReading: true } : now));
      setChanged(undefined);
      setSettings(chosen);
    },
  };
}

const previewIn = (table: Table): TablePreview | undefined =>
  table.kind === "loading" ? undefined : table.preview;

async function read(
  api: CatalogueApi,
  as: TableKind,
  file: File,
  settings: TableSettings,
  signal: AbortSignal,
): Promise<Table> {
  if (as === "entities" && isJsonLines(file)) {
    const { records, problems } = await firstEntities(file);
    return { kind: "ready", columns: [], records, problems };
  }
  const given = Object.keys(settings).length === 0 ? undefined : settings;
  const preview = await api.preview(file, as, given, signal);
  return { kind: "ready", columns: preview.columns, preview, problems: preview.problems };
}
