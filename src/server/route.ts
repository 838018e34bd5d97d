import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";

/** The scope that a caller's token must have: none, linking and searching, or metrics too. */
export type Scope = "public" | "link" | "admin";

/** One content type and its schema; without a schema it is text or bytes. */
export interface Content {
  readonly type: string;
  readonly schema?: z.ZodType;
}

/** One route of the service: its handler and its description in the OpenAPI document, in one place. */
export interface Route {
  readonly method: "GET" | "POST";
  /** In OpenAPI notation: `/v1/entities/{id}`. */
  readonly path: string;
  readonly scope: Scope;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  /** Path parameters and their descriptions. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: z.ZodObject;
  readonly body?: readonly Content[];
  readonly answers: Readonly<
    Record<number, { readonly description: string; readonly content?: readonly Content[] }>
  >;
  /** Statuses of problem documents, in addition to those of every route. */
  readonly problems?: readonly number[];
  readonly handle: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
}
