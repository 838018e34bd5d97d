import type { CaptionMapping, EntityMapping } from "../../formats/index.js";
import type { Service } from "../service.js";
import { catalogueNotFound } from "./catalogues.js";
import { catalogueName, freeName } from "./folder.js";
import type { ImportPlan } from "./imports.js";

/** What a request asks to import. */
export interface ImportWish {
  /** The title of a new catalogue, or the name or title of an existing one. */
  readonly name: string;
  readonly update: boolean;
  readonly mapping?: EntityMapping | CaptionMapping | undefined;
}

/**
 * Chooses the folder for an import: that of the catalogue with this name or title or, if there is none and the import is
 * not an update, a new one. Throws `NOT_FOUND` if an update has no catalogue.
 */
export async function planImport(
  { folder, fixed }: Pick<Service, "folder" | "fixed">,
  { name, update, mapping }: ImportWish,
): Promise<ImportPlan> {
  const stored = (await folder?.list()) ?? [];
  const known =
    stored.find((one) => one.name === name) ?? stored.find(({ manifest }) => manifest.name === name);
  if (folder === undefined || (known === undefined && update)) throw catalogueNotFound(name);
  const taken = new Set([...fixed.map((base) => base.name), ...(await folder.names())]);
  const catalogue = known?.name ?? freeName(catalogueName(name), (other) => taken.has(other));
  return {
    catalogue,
    target: folder.pathOf(catalogue),
    update,
    ...(!update && { title: known?.manifest.name ?? name }),
    ...(mapping !== undefined && { mapping }),
  };
}
