import type { FastifyRequest } from "fastify";
import { MmelError } from "../../core/index.js";
import { type CataloguesAnswer, cataloguesSchema } from "../../formats/index.js";
import { currentManifest } from "../../kb/index.js";
import { isServerUrl } from "../../postgres/index.js";
import { type StoredCatalogue, updatedAt } from "../catalogues/folder.js";
import type { Route } from "../route.js";
import type { Service } from "../service.js";

type Listed = CataloguesAnswer["catalogues"][number];

/** The route `GET /v1/catalogues`, which lists the catalogues, the default first. */
export const cataloguesRoute: Route = {
  method: "GET",
  path: "/v1/catalogues",
  scope: "link",
  tag: "catalogues",
  summary: "The catalogues that requests can choose with the parameter `catalogue`",
  answers: {
    200: {
      description: "the catalogues, the default first",
      content: [{ type: "application/json", schema: cataloguesSchema }],
    },
  },
  handle: async (request, _, service) => ({
    writable: isWritable(request, service),
    catalogues: [...(await fixedCatalogues(service)), ...(await storedCatalogues(service))].sort(
      (a, b) => Number(b.default) - Number(a.default),
    ),
  }),
};

function isWritable(request: FastifyRequest, { folder, checkWriter }: Service): boolean {
  try {
    checkWriter(request);
    return folder !== undefined;
  } catch (error) {
    if (error instanceof MmelError) return false;
    throw error;
  }
}

/** Describes the knowledge bases outside the folder. */
async function fixedCatalogues({ fixed, folder, catalogues }: Service): Promise<Listed[]> {
  const stored = new Set((await folder?.list())?.map(({ name }) => name));
  return await Promise.all(
    fixed
      .filter(({ name }) => !stored.has(name))
      .map(async ({ name, target }) => {
        const isDefault = name === catalogues.defaultName;
        const manifest = isDefault ? catalogues.current().store.manifest : await currentManifest(target);
        const updated = isServerUrl(target) ? undefined : await updatedAt(target);
        return describe({ name, manifest, updated }, { isDefault, editable: false });
      }),
  );
}

async function storedCatalogues({ folder, catalogues }: Service): Promise<Listed[]> {
  const stored = (await folder?.list()) ?? [];
  return stored.map((one) =>
    describe(one, { isDefault: one.name === catalogues.defaultName, editable: true }),
  );
}

function describe(
  { name, manifest, updated }: Omit<StoredCatalogue, "updated"> & { readonly updated: Date | undefined },
  { isDefault, editable }: { readonly isDefault: boolean; readonly editable: boolean },
): Listed {
  const { name: title, entities, version } = manifest;
  return {
    ...{ name, title, entities, version, default: isDefault, editable },
    ...(updated !== undefined && { updated: updated.toISOString() }),
  };
}
