import type { FastifyReply, FastifyRequest, FastifyServerOptions } from "fastify";
import { escapeControls } from "../core/controls.js";
import type { Scope } from "./route.js";

export interface LogOptions {
  readonly level: "debug" | "info" | "warn" | "error" | "silent";
  /**
   * Whether to log URLs with their query parameters, which may contain names that callers searched for (default
   * false).
   */
  readonly texts?: boolean;
  /** Function that writes one log line (default: to standard error). */
  readonly write?: (line: string) => void;
}

declare module "fastify" {
  interface FastifyRequest {
    /** The error code of the response; empty if the request succeeded. */
    mmelCode: string;
  }
  interface FastifyContextConfig {
    scope?: Scope;
    isUpload?: boolean;
  }
}

/**
 * Returns options for a logger that writes JSON lines. The lines contain no captions and no tokens, and names only in
 * URLs that are logged because `texts` is set. Only the lines of internal errors contain a stack trace.
 */
export function loggerOptions({ level, write }: LogOptions): NonNullable<FastifyServerOptions["logger"]> {
  return {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    stream: { write: write ?? ((line: string) => process.stderr.write(escapeControls(line))) },
    redact: ["req.headers.authorization", "headers.authorization"],
    serializers: { req: ({ method, id }) => ({ method, id }) },
  };
}

/** Writes one log line for a response. */
export function logAnswer(request: FastifyRequest, reply: FastifyReply, { texts }: LogOptions): void {
  const { method, routeOptions, url, ip, mmelCode } = request;
  request.log.info({
    method,
    route: routeOptions.url ?? "none",
    ...(texts && { url }),
    status: reply.statusCode,
    ...(mmelCode !== "" && { code: mmelCode }),
    ms: Math.round(reply.elapsedTime * 10) / 10,
    ip,
  });
}
