import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { MmelError } from "../../core/index.js";
import type { EntityStore } from "../../kb/index.js";
import { parseParameters } from "../parameters.js";
import { entityNotFound } from "../problem.js";
import { requestSignal } from "../request-signal.js";
import type { Route } from "../route.js";
import type { RequestService } from "../service.js";
import { extend, manifestOf, PREVIEW_POLICY, previewPage, reconcile } from "./answers.js";
import { parseExtension, parseQueries, parseQuery } from "./requests.js";
import {
  createVocabularyReader,
  type Named,
  typesOf,
  type Vocabulary,
  type VocabularyReader,
} from "./vocabulary.js";

/** Content type of the requests that reconciliation clients send. */
export const FORM = "application/x-www-form-urlencoded";

const reconcileParameters = z.object({
  queries: z.string().optional().meta({ description: "a batch of queries in JSON" }),
  query: z.string().optional().meta({ description: "one query in JSON, or a name" }),
  extend: z
    .string()
    .optional()
    .meta({ description: "ids of entities and of the properties to return for each entity, in JSON" }),
});
const suggestParameters = z.object({
  prefix: z.string().max(200).meta({ description: "text to search for" }),
  cursor: z.int().nonnegative().optional().meta({ description: "number of results to skip" }),
});
const previewParameters = z.object({ id: z.string().min(1).meta({ description: "the entity's id" }) });
const propertiesParameters = z.object({
  type: z.string().optional().meta({ description: "a type's id" }),
  limit: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .meta({ description: "maximum number of properties (default 50)" }),
});

/** Number of suggestions in one response. */
const PAGE_SIZE = 20;
const json = [{ type: "application/json" }];
const common = { scope: "link", isPerCatalogue: true, tag: "reconciliation" } as const;

/** Returns the routes of the Reconciliation API 0.2, which OpenRefine uses. */
export function reconcileRoutes(version: string): readonly Route[] {
  const vocabularyOf = createVocabularyReader();
  const answer = createAnswer(version, vocabularyOf);
  const answers = {
    200: { description: "a response as defined by the Reconciliation API 0.2", content: json },
  };
  const suggest = (
    kind: string,
    find: (store: EntityStore, text: string) => Promise<readonly object[]>,
  ): Route => ({
    ...common,
    method: "GET",
    path: `/reconcile/suggest/${kind}`,
    summary: `Suggest ${kind === "entity" ? "entities" : kind === "type" ? "types" : "properties"} by name`,
    query: suggestParameters,
    answers,
    async handle(request, _, { store }) {
      const { prefix, cursor = 0 } = parseParameters(suggestParameters, request.query);
      return { result: (await find(store, prefix)).slice(cursor, cursor + PAGE_SIZE) };
    },
  });
  return [
    {
      ...common,
      method: "GET",
      path: "/reconcile",
      summary: "Reconcile: the service manifest, or candidates for queries",
      query: reconcileParameters,
      answers,
      problems: [413, 504],
      handle: (request, reply, service) => {
        const { queries, query, extend } = request.query as Record<string, string | undefined>;
        const parameters = parseReconcileParameters({ queries, query, extend });
        return answer(request, service, parameters, requestSignal(reply, service.limits.answerSeconds));
      },
    },
    {
      ...common,
      method: "POST",
      path: "/reconcile",
      summary: "Reconcile: candidates for queries",
      body: [{ type: FORM, schema: reconcileParameters }],
      answers,
      problems: [413, 415, 504],
      handle: async (request, reply, service) => {
        const parameters = parseReconcileParameters((request.body ?? {}) as Record<string, string>);
        if (Object.keys(parameters).length === 0)
          throw new MmelError("USAGE", {
            what: "the form contains none of the known fields",
            expected: "queries, query or extend",
          });
        return answer(request, service, parameters, requestSignal(reply, service.limits.answerSeconds));
      },
    },
    suggest("entity", suggestEntities),
    suggest("property", async (store, text) => containing((await vocabularyOf(store)).properties, text)),
    suggest("type", async (store, text) => containing((await vocabularyOf(store)).types, text)),
    {
      ...common,
      method: "GET",
      path: "/reconcile/properties",
      summary: "Extend: the properties that occur in entities of a type",
      query: propertiesParameters,
      answers,
      async handle(request, _, { store }) {
        const { type, limit = 50 } = parseParameters(propertiesParameters, request.query);
        const { properties, propertiesOf } = await vocabularyOf(store);
        const found = type === undefined ? properties : propertiesOf(type);
        return { limit, ...(type !== undefined && { type }), properties: found.slice(0, limit) };
      },
    },
    {
      ...common,
      method: "GET",
      path: "/reconcile/preview",
      summary: "Preview: a small page about an entity",
      query: previewParameters,
      answers: { 200: { description: "an HTML page about the entity", content: [{ type: "text/html" }] } },
      problems: [404],
      async handle(request, reply, { store }) {
        const { id } = parseParameters(previewParameters, request.query);
        const entity = (await store.getMany([id])).get(id);
        if (entity === undefined) throw entityNotFound(id);
        reply.type("text/html; charset=utf-8").header("content-security-policy", PREVIEW_POLICY);
        return previewPage(entity);
      },
    },
  ];
}

/**
 * Returns a function that handles a request to `/reconcile`. The function returns the results of a batch of queries
 * (parameter `queries`), the result of one query (`query`) or the requested property values (`extend`). If the request
 * has none of these parameters, the function returns the service manifest.
 */
function createAnswer(version: string, vocabularyOf: VocabularyReader) {
  return async (
    request: FastifyRequest,
    service: RequestService,
    { queries, query, extend: extension }: z.infer<typeof reconcileParameters>,
    requestAborted: AbortSignal & Disposable,
  ): Promise<object> => {
    using signal = requestAborted;
    const vocabulary = (): Promise<Vocabulary> => vocabularyOf(service.store);
    if (queries !== undefined) {
      const batch = [...parseQueries(queries)];
      checkCount(batch.length, service.limits.batch, "queries");
      service.queue.admit(batch.length);
      const results = await Promise.all(
        batch.map(async ([key, query]) => [
          key,
          { result: await reconcile(service, await vocabulary(), query, signal) },
        ]),
      );
      return Object.fromEntries(results);
    }
    if (query !== undefined)
      return { result: await reconcile(service, await vocabulary(), parseQuery(query), signal) };
    if (extension !== undefined) {
      const requested = parseExtension(extension);
      checkCount(requested.ids.length * Math.max(1, requested.properties.length), MAX_VALUES, "values");
      return await extend(service.store, requested);
    }
    const base = `${request.protocol}://${request.host}`;
    const types = (await vocabulary()).types.slice(0, 10);
    const catalogue = service.catalogue === service.catalogues.defaultName ? undefined : service.catalogue;
    return manifestOf({ base, kb: service.kb, catalogue, version, types });
  };
}

const MAX_VALUES = 10_000;

function checkCount(count: number, limit: number, items: string): void {
  if (count > limit)
    throw new MmelError("TOO_LARGE", {
      what: `too many ${items} in the request: ${count}`,
      expected: `at most ${limit}`,
    });
}

/** Parses the parameters `queries`, `query` and `extend`. Ignores all other parameters, such as `callback`. */
function parseReconcileParameters(
  raw: Readonly<Record<string, string | undefined>>,
): z.infer<typeof reconcileParameters> {
  const { queries, query, extend } = raw;
  return parseParameters(
    reconcileParameters,
    Object.fromEntries(Object.entries({ queries, query, extend }).filter(([, text]) => text !== undefined)),
  );
}

async function suggestEntities(store: EntityStore, text: string): Promise<object[]> {
  if (text.trim() === "") return [];
  const hits = await store.searchNames(text, { limit: 100 });
  return hits.map(({ entity }) => ({
    id: entity.id,
    name: entity.label,
    ...(entity.description !== undefined && { description: entity.description }),
    notable: typesOf(entity),
  }));
}

const containing = (all: readonly Named[], text: string): readonly Named[] =>
  all.filter(({ name }) => name.toLowerCase().includes(text.trim().toLowerCase()));
