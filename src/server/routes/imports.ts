import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { entitySchema, importSchema, importStartedSchema, parseWire } from "../../formats/index.js";
import { catalogueNotFound } from "../catalogues/catalogues.js";
import type { CatalogueFolder } from "../catalogues/folder.js";
import type { Imports } from "../catalogues/imports.js";
import { planImport } from "../catalogues/plan.js";
import { storeEntities } from "../catalogues/receive.js";
import { problemOf } from "../problem.js";
import type { Route } from "../route.js";
import type { Service } from "../service.js";
import { fileField, mappingField, mappingOf, receive } from "./tables.js";

const common = { scope: "write", tag: "catalogues" } as const;
const started = {
  202: {
    description: "the id of the import, which now runs",
    content: [{ type: "application/json", schema: importStartedSchema }],
  },
};
const importAnswer = {
  200: { description: "the import", content: [{ type: "application/json", schema: importSchema }] },
};
const importParams = { id: "the import's id" };
const nameParams = { name: "the catalogue's name" };

const nameField = z.string().trim().min(1).max(200).meta({
  description: "the title of a new catalogue, or the name or title of an existing one",
});
const updateField = z.enum(["true", "false"]).optional().meta({
  description: "true: keep the entities of the catalogue that the table does not contain (default false)",
});

/** The route `POST /v1/catalogues`, which imports a table into a new or existing catalogue. */
export const importRoute: Route = {
  ...common,
  method: "POST",
  path: "/v1/catalogues",
  isUpload: true,
  summary: "Import a table into a new catalogue, or replace or update a catalogue",
  description:
    "Readers use the old version until the import is complete; an import that fails or is cancelled changes nothing. One import runs at a time. A replacement that would lose more than half of the entities fails.",
  body: [
    {
      type: "multipart/form-data",
      schema: z.object({ file: fileField, name: nameField, mapping: mappingField, update: updateField }),
    },
  ],
  answers: started,
  problems: [404, 409, 413, 415, 422, 507],
  async handle(request, reply, service) {
    const { imports } = writable(service);
    using slot = imports.reserve();
    const table = await receive(request, reply, service, ["name", "mapping", "update"]);
    try {
      const { fields } = table;
      const given = { name: fields.get("name"), update: fields.get("update") };
      const { name, update } = parseWire(z.object({ name: nameField, update: updateField }), given, "FORMAT");
      const mapping = mappingOf(table, "entities", service.limits);
      const plan = await planImport(service, { name, update: update === "true", mapping });
      reply.code(202);
      return { import: slot.start(table, plan) };
    } catch (error) {
      await table[Symbol.asyncDispose]();
      throw error;
    }
  },
};

const additionsSchema = z.object({ entities: z.array(entitySchema).min(1).max(1000) });

/** The route `POST /v1/catalogues/{name}/entities`, which adds entities to a catalogue. */
export const addEntitiesRoute: Route = {
  ...common,
  method: "POST",
  path: "/v1/catalogues/{name}/entities",
  summary: "Add entities to a catalogue",
  description: "Runs as an import, with the same result as `mmel kb import --update`. The ids must be new.",
  params: nameParams,
  body: [{ type: "application/json", schema: additionsSchema }],
  answers: started,
  problems: [404, 409, 413, 415, 422, 507],
  async handle(request, reply, service) {
    const { imports } = writable(service);
    const { name } = request.params as { name: string };
    const { entities } = parseWire(additionsSchema, request.body, "ENTITY_INVALID");
    const plan = await planImport(service, { name, update: true });
    using slot = imports.reserve();
    await refuseKnown(
      service,
      plan.catalogue,
      entities.map(({ id }) => id),
    );
    const table = await storeEntities(service.staging, entities);
    reply.code(202);
    return { import: slot.start(table, plan) };
  },
};

/** Throws `DUPLICATE_ID` if a catalogue already has an entity with one of the ids. */
async function refuseKnown({ catalogues }: Service, name: string, ids: readonly string[]): Promise<void> {
  using lease = await catalogues.lease(name);
  const [known] = (await lease.store.getMany(ids)).keys();
  if (known === undefined) return;
  throw new MmelError("DUPLICATE_ID", {
    what: "the catalogue already has an entity with this id",
    where: JSON.stringify(known),
    expected: "a new id",
    hint: "Choose another id.",
  });
}

/** The route `DELETE /v1/catalogues/{name}`. */
export const deleteCatalogueRoute: Route = {
  ...common,
  method: "DELETE",
  path: "/v1/catalogues/{name}",
  summary: "Delete a catalogue",
  description: "Requests that already use it are completed. The default cannot be deleted.",
  params: nameParams,
  answers: { 204: { description: "the catalogue is deleted" } },
  problems: [404, 409, 507],
  async handle(request, reply, { catalogues, fixed, ...service }) {
    const { folder, imports } = writable(service);
    const { name } = request.params as { name: string };
    if (fixed.some((base) => base.name === name)) throw cannotDelete(name);
    if ((await folder.find(name)) === undefined) throw catalogueNotFound(name);
    if (imports.isRunning(name))
      throw new MmelError("KB_BUSY", {
        what: "an import into this catalogue is running",
        where: JSON.stringify(name),
        hint: "Wait until it has ended, or cancel it.",
      });
    catalogues.close(name);
    await folder.remove(name);
    catalogues.close(name); // a request may have opened it again meanwhile
    reply.code(204);
  },
};

const cannotDelete = (name: string): MmelError =>
  new MmelError("FORBIDDEN", {
    what: "the service was started with this knowledge base, so it cannot be deleted",
    where: JSON.stringify(name),
    hint: "Start the service with another one first.",
  });

/** The route `GET /v1/imports/{id}`. */
export const importStateRoute: Route = {
  ...common,
  method: "GET",
  path: "/v1/imports/{id}",
  summary: "The progress or the result of an import",
  description: "The last 20 imports since the start of the service are remembered.",
  params: importParams,
  answers: importAnswer,
  problems: [404],
  handle: async (request, _, service) => describe(service, (request.params as { id: string }).id),
};

/** The route `DELETE /v1/imports/{id}`, which cancels an import. */
export const cancelImportRoute: Route = {
  ...common,
  method: "DELETE",
  path: "/v1/imports/{id}",
  summary: "Cancel an import",
  description:
    "The catalogue stays as it was. The state becomes `cancelled` as soon as the import has stopped.",
  params: importParams,
  answers: importAnswer,
  problems: [404],
  async handle(request, _, service) {
    const { id } = request.params as { id: string };
    writable(service).imports.cancel(id);
    return await describe(service, id);
  },
};

/** The route `GET /v1/imports/{id}/rejects`. */
export const importRejectsRoute: Route = {
  ...common,
  method: "GET",
  path: "/v1/imports/{id}/rejects",
  summary: "The rejected rows of an import, as JSON Lines",
  params: importParams,
  answers: {
    200: {
      description: "one object per rejected row: line, id if it is known, code and error",
      content: [{ type: "application/x-ndjson" }],
    },
  },
  problems: [404],
  async handle(request, reply, service) {
    const rejects = await writable(service).imports.rejects((request.params as { id: string }).id);
    reply.type("application/x-ndjson").header("content-disposition", 'attachment; filename="rejects.jsonl"');
    return rejects;
  },
};

async function describe(service: Service, id: string): Promise<z.infer<typeof importSchema>> {
  const { imports } = writable(service);
  const { catalogue, state, totalBytes, counts, error } = imports.get(id);
  const { bytes, entities, rejected } = counts;
  return {
    ...{ id, catalogue, state, bytes, totalBytes, entities, rejected },
    firstRejects: await imports.firstRejects(id),
    ...(error !== undefined && { error: problemOf(error, id) }),
  };
}

/** Throws `FORBIDDEN` if the service has no folder of catalogues. */
function writable({ folder, imports }: Pick<Service, "folder" | "imports">): {
  readonly folder: CatalogueFolder;
  readonly imports: Imports;
} {
  if (folder !== undefined && imports !== undefined) return { folder, imports };
  throw new MmelError("FORBIDDEN", {
    what: "this service does not change catalogues",
    hint: "Start it with `mmel open`, or with `mmel serve --catalogues DIR`.",
  });
}
