import { describe, expect, it } from "vitest";
import { readEncryption } from "../../src/postgres/tls.js";

describe("readEncryption", () => {
  it("gives each of several simultaneous connections both attempts", async () => {
    const encryption = readEncryption({ sslmode: "allow" }, "postgres://host");
    const release: (() => void)[] = [];
    const connect = () =>
      encryption.connect(async (tls) => {
        if (tls !== false) return "encrypted";
        await new Promise<void>((resolve) => release.push(resolve));
        throw Object.assign(new Error("no encryption"), { code: "28000" });
      });
    const both = [connect(), connect()];
    release[0]!();
    expect(await both[0]).toBe("encrypted");
    release[1]!();
    expect(await both[1]).toBe("encrypted");
    expect(encryption.current).not.toBe(false);
  });
});
