import { setImmediate } from "node:timers/promises";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { linkOptionsSchema } from "../../formats/index.js";
import { isIri } from "../../formats/rdf/iri.js";
import { checkCaptionLimits } from "../limits.js";
import { linkBatch } from "../linking/link.js";
import { parseParameters } from "../parameters.js";
import { requestSignal } from "../request-signal.js";
import type { Route } from "../route.js";

/** Content types of NIF; the first two are Turtle. */
export const NIF_TYPES = ["text/turtle", "application/x-turtle", "application/n-triples"] as const;
type NifType = (typeof NIF_TYPES)[number];

const { collaborative, strictTypes } = linkOptionsSchema.shape;
const parameters = z.object({
  detect: z
    .boolean()
    .optional()
    .meta({ description: "false: reject contexts without phrases (default: detect their names)" }),
  collaborative,
  strictTypes,
  entityBase: z
    .string()
    .refine(isIri, { error: "is not an IRI such as http://example.org/id/" })
    .optional()
    .meta({
      description:
        "IRI prefix of entities whose ids are neither IRIs nor of Wikidata, and that have no URL (default: urn:mmel:)",
    }),
});

const content = NIF_TYPES.map((type) => ({ type }));

/** The route `POST /v1/nif`, with which GERBIL evaluates the service. */
export const nifRoute: Route = {
  method: "POST",
  path: "/v1/nif",
  scope: "link",
  isPerCatalogue: true,
  tag: "linking",
  summary: "Link the phrases of NIF documents, or detect names in them",
  description: `The body is a NIF 2.0 document in Turtle or N-Triples with one or more contexts. The phrases of a context are its mentions. If it
has none, the names in its text are detected. Returns the same contexts with a phrase for each mention: its entity
(\`itsrdf:taIdentRef\`) and its probability (\`itsrdf:taConfidence\`). A mention that is not in the knowledge base has the entity
\`urn:mmel:nil:NAME\`. The answer has the content type in \`Accept\` or, if that is another one, the content type of the request.`,
  query: parameters,
  body: content,
  answers: { 200: { description: "the contexts with their linked phrases", content } },
  problems: [413, 415, 422, 429, 504],
  async handle(request, reply, service) {
    const { entityBase, ...query } = parseParameters(parameters, request.query);
    using signal = requestSignal(reply, service.limits.answerSeconds);
    const { linksToNif, nifHeader } = await import("../../formats/nif/index.js");
    const captions = await captionsOf(request.body as Uint8Array, entityBase);
    checkCaptionLimits({ captions }, service.limits);
    const type = answerType(request);
    const nif = { entityBase, syntax: type === "application/n-triples" ? "ntriples" : "turtle" } as const;
    const texts = await linkBatch(service, { captions }, (links, text) => linksToNif(links, text, nif).text, {
      query: { detect: true, ...query },
      signal,
    });
    reply.type(`${type}; charset=utf-8`);
    return [nifHeader(nif), ...texts].join("");
  },
};

/** Returns the contexts of a document as captions that are not validated yet. Throws the error of the first invalid one. */
async function captionsOf(body: Uint8Array, entityBase: string | undefined): Promise<unknown[]> {
  const { nifRecords } = await import("../../formats/nif/index.js");
  const captions: unknown[] = [];
  for await (const record of nifRecords(inPieces(body), "the document", entityBase)) {
    if (record.kind === "rejected") throw record.error;
    captions.push(record.wire);
  }
  if (captions.length > 0) return captions;
  throw new MmelError("FORMAT", { what: "the document has no nif:Context", expected: "at least one" });
}

/** Size of the pieces that are parsed at once, in bytes. Other requests are answered between them. */
const PIECE = 1 << 16;

async function* inPieces(body: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += PIECE) {
    yield body.subarray(at, at + PIECE);
    await setImmediate();
  }
}

const nifTypeOf = (type: string): NifType | undefined =>
  NIF_TYPES.find((known) => known === type.split(";", 1)[0]?.trim().toLowerCase());

/** Returns the first content type of NIF in `Accept`, or the content type of the request. */
function answerType({ headers }: FastifyRequest): NifType {
  const accepted = (headers.accept ?? "").split(",").map(nifTypeOf);
  return (
    accepted.find((type) => type !== undefined) ?? nifTypeOf(headers["content-type"] ?? "") ?? NIF_TYPES[0]
  );
}
