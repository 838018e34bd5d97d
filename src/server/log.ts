import type { FastifyReply, FastifyRequest, FastifyServerOptions } from "fastify";

export interface LogOptions {
  readonly level: "debug" | "info" | "warn" | "error" | "silent";
  /** Whether to log URLs with their parameters, which contain the names that were searched for (default false). */
  readonly texts?: boolean;
  /** Receives each log line (default: writes it to standard error). */
  readonly write?: (line: string) => void;
}

declare module "fastify" {
  interface FastifyRequest {
    /** The error code of the answer; empty on success. */
    mmelCode: string;
  }
  interface FastifyContextConfig {
    scope?: "public" | "link" | "admin";
  }
}

/** Options of a logger that writes JSON lines without captions, names or tokens, and a stack for internal errors only. */
export function loggerOptions({ level, write }: LogOptions): NonNullable<FastifyServerOptions["logger"]> {
  return {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    stream: { write: write ?? ((line: string) => process.stderr.write(line)) },
    redact: ["req.headers.authorization", "headers.authorization"],
    serializers: { req: ({ method, id }) => ({ method, id }) },
  };
}

/** Writes one log line for an answer. */
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
