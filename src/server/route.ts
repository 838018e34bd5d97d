import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";

/** What a caller's token must allow: nothing, to link and look up, or to look into the service. */
export type Scope = "public" | "link" | "admin";

/** One content type and its shape; without a schema it is text or bytes. */
export interface Content {
  readonly type: string;
  readonly schema?: z.ZodType;
}

/** One address of the service: what is registered and what the OpenAPI document says, in one place. */
export interface Route {
  readonly method: "GET" | "POST";
  /** As OpenAPI writes it: `/v1/entities/{id}`. */
  readonly path: string;
  readonly scope: Scope;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  /** Path parameters and what they mean. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: z.ZodObject;
  readonly body?: readonly Content[];
  readonly answers: Readonly<
    Record<number, { readonly description: string; readonly content?: readonly Content[] }>
  >;
  /** Statuses of problem documents besides those that every route has. */
  readonly problems?: readonly number[];
  readonly handle: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
}
