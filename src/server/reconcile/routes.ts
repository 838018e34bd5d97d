import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { queryOf } from "../parameters.js";
import { untilLeft } from "../request-signal.js";
import type { Route } from "../route.js";
import type { Service } from "../service.js";
import { reconcile } from "./answers.js";
import { extend } from "./extend.js";
import { manifestOf } from "./manifest.js";
import { PREVIEW_POLICY, previewPage } from "./preview.js";
import { parseExtension, parseQueries, parseQuery } from "./requests.js";
import { type Named, readVocabulary, typesOf, type Vocabulary } from "./vocabulary.js";

/** What programs that reconcile tables send their requests as. */
export const FORM = "application/x-www-form-urlencoded";

const parameters = z.object({
  queries: z.string().optional().meta({ description: "a batch of queries, JSON" }),
  query: z.string().optional().meta({ description: "one query, JSON or a name" }),
  extend: z
    .string()
    .optional()
    .meta({ description: "entities and properties whose values are wanted, JSON" }),
});
const prefix = z.object({
  prefix: z.string().max(200).meta({ description: "how it begins" }),
  cursor: z.int().nonnegative().optional().meta({ description: "how many to pass over" }),
});
const one = z.object({ id: z.string().min(1).meta({ description: "the entity's id" }) });
const proposal = z.object({
  type: z.string().optional().meta({ description: "a type's id" }),
  limit: z.int().min(1).max(1000).optional().meta({ description: "most properties (50)" }),
});

const SUGGESTED = 20;
const json = [{ type: "application/json" }];
const common = { scope: "link", tag: "reconciliation" } as const;

/** The Reconciliation API 0.2, as OpenRefine speaks it. */
export function reconcileRoutes(service: Service, version: string): readonly Route[] {
  let reading: Promise<Vocabulary> | undefined;
  const vocabulary = (): Promise<Vocabulary> => {
    reading ??= readVocabulary(service.store);
    reading.catch(() => {
      reading = undefined;
    });
    return reading;
  };
  const answer = answerer(service, version, vocabulary);
  const answers = { 200: { description: "as Reconciliation API 0.2 has it", content: json } };
  const suggest = (kind: string, find: (prefix: string) => Promise<readonly object[]>): Route => ({
    ...common,
    method: "GET",
    path: `/reconcile/suggest/${kind}`,
    summary: `Suggest: ${kind} by the beginning of its name`,
    query: prefix,
    answers,
    async handle(request) {
      const { prefix: begin, cursor = 0 } = queryOf(prefix, request.query);
      return { result: (await find(begin)).slice(cursor, cursor + SUGGESTED) };
    },
  });
  return [
    {
      ...common,
      method: "GET",
      path: "/reconcile",
      summary: "Reconcile: what the service can do, or the answer to queries",
      query: parameters,
      answers,
      problems: [413, 504],
      handle: (request, reply) => {
        const { queries, query, extend } = request.query as Record<string, string | undefined>;
        const given = { queries, query, extend };
        return answer(request, parsedParameters(given), untilLeft(reply, service.limits.answerSeconds));
      },
    },
    {
      ...common,
      method: "POST",
      path: "/reconcile",
      summary: "Reconcile: the answer to queries",
      body: [{ type: FORM, schema: parameters }],
      answers,
      problems: [413, 415, 504],
      handle: async (request, reply) => {
        const given = parsedParameters((request.body ?? {}) as Record<string, string>);
        if (Object.keys(given).length === 0)
          throw new MmelError("USAGE", { what: "an empty form", expected: "queries, query or extend" });
        return answer(request, given, untilLeft(reply, service.limits.answerSeconds));
      },
    },
    suggest("entity", (text) => suggestEntities(service, text)),
    suggest("property", async (text) => beginning((await vocabulary()).properties, text)),
    suggest("type", async (text) => beginning((await vocabulary()).types, text)),
    {
      ...common,
      method: "GET",
      path: "/reconcile/properties",
      summary: "Extend: properties of a type's entities",
      query: proposal,
      answers,
      async handle(request) {
        const { type, limit = 50 } = queryOf(proposal, request.query);
        const { properties, propertiesOf } = await vocabulary();
        const found = type === undefined ? properties : propertiesOf(type);
        return { limit, ...(type !== undefined && { type }), properties: found.slice(0, limit) };
      },
    },
    {
      ...common,
      method: "GET",
      path: "/reconcile/preview",
      summary: "Preview: a small page about an entity",
      query: one,
      answers: { 200: { description: "a page", content: [{ type: "text/html" }] } },
      problems: [404],
      async handle(request, reply) {
        const { id } = queryOf(one, request.query);
        const entity = (await service.store.getMany([id])).get(id);
        if (entity === undefined)
          throw new MmelError("NOT_FOUND", { what: "no such entity", where: JSON.stringify(id) });
        reply.type("text/html; charset=utf-8").header("content-security-policy", PREVIEW_POLICY);
        return previewPage(entity);
      },
    },
  ];
}

function answerer(service: Service, version: string, vocabulary: () => Promise<Vocabulary>) {
  return async (
    request: FastifyRequest,
    { queries, query, extend: extension }: z.infer<typeof parameters>,
    left: AbortSignal & Disposable,
  ): Promise<object> => {
    using signal = left;
    if (queries !== undefined) {
      const batch = [...parseQueries(queries)];
      refuseMany(batch.length, service.limits.batch);
      service.queue.admit(batch.length);
      const results = await Promise.all(
        batch.map(async ([key, one]) => [key, { result: await reconcile(service, one, signal) }]),
      );
      return Object.fromEntries(results);
    }
    if (query !== undefined) return { result: await reconcile(service, parseQuery(query), signal) };
    if (extension !== undefined) {
      const wanted = parseExtension(extension);
      refuseMany(wanted.ids.length * Math.max(1, wanted.properties.length), MOST_VALUES);
      return extend(service.store, wanted);
    }
    const base = `${request.protocol}://${request.host}`;
    return manifestOf(base, service.linker.kb, version, (await vocabulary()).types.slice(0, 10));
  };
}

const MOST_VALUES = 10_000;

function refuseMany(count: number, most: number): void {
  if (count > most)
    throw new MmelError("TOO_LARGE", { what: `${count} in one request`, expected: `at most ${most}` });
}

/** The parameters that are known; others, such as `callback`, are passed over. */
function parsedParameters(given: Readonly<Record<string, string | undefined>>): z.infer<typeof parameters> {
  const { queries, query, extend } = given;
  return queryOf(
    parameters,
    Object.fromEntries(Object.entries({ queries, query, extend }).filter(([, text]) => text !== undefined)),
  );
}

async function suggestEntities({ store }: Service, text: string): Promise<object[]> {
  if (text.trim() === "") return [];
  const hits = await store.searchNames(text, { limit: 100 });
  return hits.map(({ entity }) => ({
    id: entity.id,
    name: entity.label,
    ...(entity.description !== undefined && { description: entity.description }),
    notable: typesOf(entity),
  }));
}

const beginning = (all: readonly Named[], text: string): readonly Named[] =>
  all.filter(({ name }) => name.toLowerCase().includes(text.trim().toLowerCase()));
