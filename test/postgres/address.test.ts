import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MmelError } from "../../src/core/index.js";
import { parseTarget } from "../../src/kb/postgres/target.js";
import { parseAddress } from "../../src/postgres/index.js";

const SERVER = "postgres://owner:s3cret@db.example.org/catalogue";

function failureOf(url: string, parse: (url: string) => unknown = parseTarget): MmelError {
  try {
    parse(url);
  } catch (error) {
    expect(error).toBeInstanceOf(MmelError);
    return error as MmelError;
  }
  throw new Error(`${url} was accepted`);
}

describe("the parameters of an address", () => {
  it("are refused if they are unknown, with the most similar name", () => {
    for (const [given, near] of [
      ["KB", "kb"],
      ["Kb", "kb"],
      ["schemas", "schema"],
      ["time_out", "timeout"],
      ["sslMode", "sslmode"],
      ["ssl_root_cert", "sslrootcert"],
      ["sslrotcert", "sslrootcert"],
      ["pasword", "password"],
      ["connectTimeout", "connect_timeout"],
      ["applicationname", "application_name"],
    ]) {
      const { code, message } = failureOf(`${SERVER}?${given}=people`);
      expect([code, message]).toEqual(["CONFIG", expect.stringContaining(`Write \`${near}\``)]);
      expect(message).toContain("one of the parameters kb, schema, pool, timeout, retry, host");
    }
    expect(failureOf(`${SERVER}?target_session_attrs=any`).message).toMatch(/Remove the parameter\.$/);
    expect(failureOf(`${SERVER}?kb=people`, (url) => parseAddress(url, "--queue")).message).toMatch(
      /unknown parameter "kb"/,
    );
  });

  it("are refused if they are given twice or cut off by a #", () => {
    expect(failureOf(`${SERVER}?kb=people&kb=places`).message).toMatch(/parameter kb twice/);
    for (const url of [`${SERVER}?kb=c#`, `${SERVER}?kb=c#2`, `${SERVER}#?kb=c`])
      expect(failureOf(url).message).toMatch(/contains a #.*`%23`/);
    expect(parseTarget(`${SERVER}?kb=c%23`).kb).toBe("c#");
  });

  it("name a knowledge base in any script, but not with characters that the URL lost", () => {
    for (const kb of ["🍎", "𠮷野家", "é", "🍎".repeat(200)])
      expect(parseTarget(`${SERVER}?kb=${encodeURIComponent(kb)}`).kb).toBe(kb);
    for (const kb of ["", "%00", "\ud83c", "%ED%A0%BC", "🍎".repeat(201)])
      expect(failureOf(`${SERVER}?kb=${kb}`).message).toMatch(/1 to 200 characters, without U\+0000/);
  });

  it("never show a value if they are unknown, because it may be a password", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-zA-Z_]{1,12}$/),
        fc.stringMatching(/^[a-z0-9]{10,20}$/),
        (name, value) => {
          const url = `${SERVER}?${name}=${value}`;
          try {
            parseTarget(url);
          } catch (error) {
            const { message } = error as Error;
            if (message.includes("unknown")) expect(message).not.toContain(value);
            expect(message).not.toContain("s3cret");
          }
        },
      ),
    );
  });

  it("set the name, the time limit and the options of the connection", () => {
    const { connection, connectMs, sessionOptions, kb } = parseTarget(
      `${SERVER}?kb=people&connect_timeout=3&options=-c%20work_mem%3D64MB&application_name=nightly&sslmode=disable`,
    );
    expect({ connectMs, sessionOptions, kb }).toEqual({
      connectMs: 3000,
      sessionOptions: "-c work_mem=64MB",
      kb: "people",
    });
    expect(connection).toBe(`${SERVER}?application_name=nightly`);
    expect(failureOf(`${SERVER}?connect_timeout=soon`).message).toMatch(
      /connect_timeout has an invalid value/,
    );
  });
});
