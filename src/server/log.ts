import type { FastifyReply, FastifyRequest, FastifyServerOptions } from "fastify";

export interface LogOptions {
  readonly level: "debug" | "info" | "warn" | "error" | "silent";
  /** Whether addresses with their parameters, and so names that were searched, are logged too (false). */
  readonly texts?: boolean;
  /** Where the lines go; default: standard error. */
  readonly write?: (line: string) => void;
}

declare module "fastify" {
  interface FastifyRequest {
    /** The code of the problem that it was answered with. */
    mmelCode: string;
  }
  interface FastifyContextConfig {
    scope?: "public" | "link" | "admin";
  }
}

/** JSON lines without captions, names or tokens: of an error its code, its stack only where the fault is ours. */
export function loggerOf({ level, write }: LogOptions): NonNullable<FastifyServerOptions["logger"]> {
  return {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    stream: { write: write ?? ((line: string) => process.stderr.write(line)) },
    redact: ["req.headers.authorization", "headers.authorization"],
    serializers: { req: ({ method, id }) => ({ method, id }) },
  };
}

/** One line for each answer. */
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
