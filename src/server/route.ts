import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { RequestService } from "./service.js";

/**
 * Who may use a route. `public` routes require no token, `link` routes link and search, and `admin` routes return
 * metrics and reload the knowledge base. A token with the scope `admin` is valid for all routes. `write` routes change
 * catalogues: they require the scope `admin` or, if the service has no tokens, a caller on this machine.
 */
export type Scope = "public" | "link" | "admin" | "write";

/**
 * A content type and its schema. The schema is absent if the OpenAPI document does not describe the content, for
 * example for text and pictures.
 */
export interface Content {
  readonly type: string;
  readonly schema?: z.ZodType;
}

/** A route of the service: its handler and its description for the OpenAPI document. */
export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** Path in OpenAPI notation, such as `/v1/entities/{id}`. */
  readonly path: string;
  readonly scope: Scope;
  /** Whether the request chooses a catalogue with the parameter `catalogue`. Without it, it uses the default. */
  readonly isPerCatalogue?: boolean;
  /** Whether the body is written to a file while it is received. It may then be as large as `limits.uploadBytes`. */
  readonly isUpload?: boolean;
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
  /**
   * HTTP status codes of the problem documents that this route may return, in addition to 400; to 401, 403 and 429 if the
   * route is not `public`; and to 404 and 429 if it is per catalogue.
   */
  readonly problems?: readonly number[];
  /** Answers a request. `service` contains the version of the knowledge base that this request uses. */
  readonly handle: (
    request: FastifyRequest,
    reply: FastifyReply,
    service: RequestService,
  ) => Promise<unknown>;
}
