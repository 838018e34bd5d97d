import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { type ConnectionOptions, createSecureContext } from "node:tls";
import { MmelError } from "../core/index.js";
import { codeOf, isTlsFault } from "./errors.js";

/** TLS settings of a connection of `pg`; false for a connection without encryption. */
export type Tls = false | ConnectionOptions;

/** How a server is reached: with or without TLS, as `sslmode` says. */
export interface Encryption {
  /** Settings of the last connection, or of the first attempt if there was no connection yet. */
  readonly current: Tls;
  /**
   * Calls `attempt` to open a connection. With `allow` and `prefer`, calls it once more with the other setting if TLS
   * fails or the server does not admit this kind of connection. Throws the error of the last attempt.
   */
  connect<T>(attempt: (tls: Tls) => Promise<T>): Promise<T>;
}

/** The parameters that decide about encryption, as in libpq. Each is also read from the environment (`PGSSLMODE`, …). */
export const TLS_PARAMETERS = ["sslmode", "sslrootcert", "sslcert", "sslkey", "sslpassword"] as const;
export type TlsParameters = { readonly [Name in (typeof TLS_PARAMETERS)[number]]?: string | undefined };

const MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;
type Mode = (typeof MODES)[number];

/** SQLSTATE of a connection that `pg_hba.conf` does not admit. */
const NOT_ADMITTED = "28000";

/**
 * Reads the parameters with the meaning of libpq (https://www.postgresql.org/docs/current/libpq-ssl.html), with one
 * difference: without a file of root certificates, `verify-full` uses the public authorities that Node.js trusts.
 * Throws `CONFIG` if a parameter is invalid or a file cannot be used; `where` is the address in this error.
 */
export function readEncryption(given: TlsParameters, where: string): Encryption {
  const parameters = withDefaults(given);
  const isPublic = parameters.sslrootcert === "system";
  const mode = modeOf(
    parameters.sslmode ?? (isPublic ? "verify-full" : "prefer"),
    given.sslmode === undefined ? "PGSSLMODE" : where,
  );
  if (isPublic && mode !== "verify-full")
    throw new MmelError("CONFIG", {
      what: `sslmode=${mode} does not check the host, so anyone with a public certificate could pose as the server`,
      where,
      expected: "sslmode=verify-full with sslrootcert=system",
    });
  if (mode === "disable") return inOrder([false]);
  const tls = settingsOf(mode, isPublic ? { ...parameters, sslrootcert: undefined } : parameters, where);
  if (mode === "allow") return inOrder([false, tls]);
  return inOrder(mode === "prefer" ? [tls, false] : [tls]);
}

/** Encryption of a connection through a socket of the file system, which never uses TLS. */
export const LOCAL_SOCKET: Encryption = inOrder([false]);

function inOrder(attempts: readonly [Tls, Tls?]): Encryption {
  let [current, other] = attempts;
  return {
    get current() {
      return current;
    },
    async connect(attempt) {
      const [first, second] = [current, other]; // other connections that start at the same time may swap them
      try {
        return await attempt(first);
      } catch (error) {
        if (second === undefined || !(isTlsFault(error) || codeOf(error) === NOT_ADMITTED)) throw error;
        const connection = await attempt(second);
        [current, other] = [second, first];
        return connection;
      }
    },
  };
}

/** Adds the values from the environment and the files in `~/.postgresql` that libpq uses if they exist. */
function withDefaults(given: TlsParameters): TlsParameters {
  const inHome = (name: string): string | undefined => {
    const path = join(homedir(), ".postgresql", name);
    return existsSync(path) ? path : undefined;
  };
  const env = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ""));
  const sslcert = given.sslcert ?? env.PGSSLCERT ?? inHome("postgresql.crt");
  return {
    sslmode: given.sslmode ?? env.PGSSLMODE,
    sslrootcert: given.sslrootcert ?? env.PGSSLROOTCERT ?? inHome("root.crt"),
    sslcert,
    sslkey: given.sslkey ?? env.PGSSLKEY ?? (sslcert && join(homedir(), ".postgresql", "postgresql.key")),
    sslpassword: given.sslpassword,
  };
}

function modeOf(text: string, where: string): Mode {
  const mode = MODES.find((one) => one === text);
  if (mode !== undefined) return mode;
  throw new MmelError("CONFIG", {
    what: `${JSON.stringify(text)} is not a value of sslmode`,
    where,
    expected: MODES.join(", "),
    hint: "Use `sslmode=require` to encrypt without checking the server's certificate, `sslmode=verify-full` to check it.",
  });
}

function settingsOf(mode: Mode, parameters: TlsParameters, where: string): ConnectionOptions {
  const { sslrootcert, sslcert, sslkey, sslpassword } = parameters;
  if (mode === "verify-ca" && sslrootcert === undefined)
    throw new MmelError("CONFIG", {
      what: "sslmode=verify-ca needs the certificate of the authority that signed the server's certificate",
      where,
      expected: "sslrootcert=FILE, or the file ~/.postgresql/root.crt",
      hint: "Add `sslrootcert=FILE`, or use `sslmode=verify-full` with a certificate of a public authority.",
    });
  const ca = sslrootcert && readPem("sslrootcert", sslrootcert, (pem) => new X509Certificate(pem));
  const cert = sslcert && readPem("sslcert", sslcert, (pem) => new X509Certificate(pem));
  const passphrase = sslpassword === undefined ? {} : { passphrase: sslpassword };
  const key =
    cert && sslkey && readPem("sslkey", sslkey, (key) => createSecureContext({ key, cert, ...passphrase }));
  return {
    rejectUnauthorized: ca !== undefined || mode.startsWith("verify"),
    ...(mode !== "verify-full" && { checkServerIdentity: () => undefined }),
    secureContext: createSecureContext({ ...(ca && { ca }), ...(cert && { cert, key }), ...passphrase }),
  };
}

/** Reads a file in PEM format. `parse` throws if its content cannot be used. */
function readPem(parameter: string, path: string, parse: (pem: Buffer) => unknown): Buffer {
  try {
    const pem = readFileSync(path);
    parse(pem);
    return pem;
  } catch (cause) {
    throw new MmelError("CONFIG", {
      what: `the file for ${parameter} cannot be used (${(cause as Error).message})`,
      where: path,
      expected:
        parameter === "sslkey"
          ? "the private key of the certificate in sslcert, in PEM format"
          : "certificates in PEM format",
      hint: `Correct \`${parameter}\` in the URL.`,
      cause,
    });
  }
}
