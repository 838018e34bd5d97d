import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { CaptionLinks } from "../../src/core/index.js";
import {
  continueLinks,
  createLineFile,
  linkLines,
  writeAtomically,
  writeLines,
} from "../../src/formats/index.js";
import { all, file, folder } from "./files.js";

const origin = { model: "m@1", kb: "k@1" };
const links = (id: string, from = origin): CaptionLinks => ({ id, mentions: [], ...from });
const lineOf = async (id: string, from = origin): Promise<string> =>
  (await all(linkLines([links(id, from)])))[0]!;

function freshFolder(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

function* failing(): Generator<string> {
  yield "one\n";
  throw new Error("upstream");
}

describe("writeAtomically", () => {
  it("replaces a whole file, follows symbolic links, and compresses .gz files", async () => {
    const inside = freshFolder("atomic");
    const path = join(inside, "a.txt");
    await writeAtomically(path, ["one\n", "two\n"]);
    symlinkSync(path, join(inside, "link"));
    await writeAtomically(join(inside, "link"), ["three\n"]);
    expect(readFileSync(path, "utf8")).toBe("three\n");
    await writeAtomically(`${path}.gz`, Array(100_000).fill("line\n"));
    expect(gunzipSync(readFileSync(`${path}.gz`)).toString()).toBe("line\n".repeat(100_000));
    expect(readdirSync(inside).sort()).toEqual(["a.txt", "a.txt.gz", "link"]);
  });

  it.each(["a.txt", "a.txt.gz"])(
    "leaves %s unchanged and no other file behind when the lines fail",
    async (name) => {
      const inside = freshFolder(`failing-${name}`);
      writeFileSync(join(inside, name), "old");
      await expect(writeAtomically(join(inside, name), failing())).rejects.toThrow("upstream");
      expect(readFileSync(join(inside, name), "utf8")).toBe("old");
      expect(readdirSync(inside)).toEqual([name]);
    },
  );

  it("throws if the folder is missing or the path is a folder", async () => {
    await expect(writeAtomically(join(folder, "none", "a"), ["x"])).rejects.toMatchObject({
      code: "FILE_UNWRITABLE",
    });
    await expect(writeAtomically(folder, ["x"])).rejects.toMatchObject({ code: "FILE_IS_DIRECTORY" });
  });

  it.skipIf(!existsSync("/dev/full"))(
    "reports a full disk and never replaces a device (needs /dev/full)",
    async () => {
      await expect(writeAtomically("/dev/full", ["x"])).rejects.toMatchObject({
        code: "FILE_UNWRITABLE",
        message: expect.stringContaining("full"),
      });
      await writeAtomically("/dev/null", ["x"]);
      expect(existsSync("/dev/full") && existsSync("/dev/null")).toBe(true);
    },
  );

  it.skipIf(process.getuid?.() === 0)(
    "throws if the folder is read-only (not as root, who can write anyway)",
    async () => {
      const inside = freshFolder("read-only");
      chmodSync(inside, 0o500);
      await expect(writeAtomically(join(inside, "a"), ["x"])).rejects.toMatchObject({
        code: "FILE_UNWRITABLE",
      });
    },
  );
});

describe("writeLines", () => {
  const slow = (taken: string[], highWaterMark = 4): Writable =>
    new Writable({
      highWaterMark,
      write: (chunk, _, done) => {
        if (chunk.length > 0) taken.push(chunk.toString());
        setTimeout(done, 1);
      },
    });

  it("pulls lines only as fast as the stream accepts them", async () => {
    const taken: string[] = [];
    let furthest = 0;
    function* lines(): Generator<string> {
      for (let at = 0; at < 50; at++) {
        furthest = Math.max(furthest, at - taken.length);
        yield "four";
      }
    }
    await writeLines(slow(taken), lines());
    expect(taken).toHaveLength(50);
    expect(furthest).toBeLessThanOrEqual(2);
  });

  it("writes the lines before a failure", async () => {
    const taken: string[] = [];
    await expect(writeLines(slow(taken, 1 << 16), failing())).rejects.toThrow("upstream");
    expect(taken.join("")).toBe("one\n");
  });

  it("throws if the reader has closed the stream", async () => {
    const gone = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" })),
    });
    await expect(writeLines(gone, ["a", "b"])).rejects.toMatchObject({
      code: "FILE_UNWRITABLE",
      cause: { code: "EPIPE" },
    });
  });
});

describe("continueLinks", () => {
  it("removes an incomplete last line and returns the ids of finished captions", async () => {
    const [one, two] = [await lineOf("1"), await lineOf("2")];
    const path = file(`${one}${two.slice(0, -5)}`);
    const output = await continueLinks(path, origin);
    expect([...output.hashes.keys()]).toEqual(["1"]);
    await output.append(two);
    await output.close();
    expect(readFileSync(path, "utf8")).toBe(one + two);
  });

  it("removes an incomplete line that is longer than a block or the only line", async () => {
    const one = await lineOf("1");
    const torn = `{"id":"${"x".repeat(200_000)}`;
    for (const [before, ids] of [
      [one, ["1"]],
      ["", []],
    ] as const) {
      const path = file(before + torn);
      await using output = await continueLinks(path, origin);
      expect([...output.hashes.keys()]).toEqual(ids);
      expect(readFileSync(path, "utf8")).toBe(before);
    }
  });

  it("creates a missing file", async () => {
    await using output = await continueLinks(join(folder, "new.jsonl"), origin);
    expect(output.hashes.size).toBe(0);
  });

  it.each([
    ["another model", () => lineOf("1", { ...origin, model: "m@2" })],
    ["another knowledge base", () => lineOf("1", { ...origin, kb: "k@2" })],
    ["the same caption twice", async () => (await lineOf("1")).repeat(2)],
    ["captions", async () => '{"id":"1","text":"x"}\n'],
    ["text without a line feed", async () => "my only copy"],
    ["text after links", async () => `${await lineOf("1")}my notes`],
  ])("rejects a file with %s and leaves it unchanged", async (_, contentOf) => {
    const content = await contentOf();
    const path = file(content);
    await expect(continueLinks(path, origin)).rejects.toMatchObject({ code: "RESUME" });
    expect(readFileSync(path, "utf8")).toBe(content);
  });

  it("rejects a compressed file, a folder, and a missing folder", async () => {
    await expect(continueLinks(join(folder, "a.jsonl.gz"), origin)).rejects.toMatchObject({ code: "RESUME" });
    await expect(continueLinks(folder, origin)).rejects.toMatchObject({ code: "FILE_IS_DIRECTORY" });
    await expect(continueLinks(join(folder, "none", "a"), origin)).rejects.toMatchObject({
      code: "FILE_UNWRITABLE",
    });
  });

  it("writes each caption exactly once, in order, after any number of kills", async () => {
    const path = join(folder, "killed.jsonl");
    const count = 2000;
    let kills = 0;
    while (await killedAfter(path, count, randomInt(20, 500))) kills++;
    const ids = readFileSync(path, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).id);
    expect(ids).toEqual(Array.from({ length: count }, (_, at) => `caption ${at}`));
    expect(kills).toBeGreaterThan(2);
  });
});

/** Runs the writer and kills it after some lines; returns whether it was killed before it finished. */
function killedAfter(path: string, count: number, lines: number): Promise<boolean> {
  const script = fileURLToPath(new URL("./link-slowly.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", script, path, String(count)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let written = 0;
  child.stdout.on("data", (dots: Buffer) => {
    written += dots.length;
    if (written >= lines) child.kill("SIGKILL");
  });
  return new Promise((resolve, reject) => {
    child.on("exit", (code, signal) => {
      if (code !== null && code !== 0) reject(new Error(`the writer failed with ${code}`));
      else resolve(signal === "SIGKILL");
    });
  });
}

describe("createLineFile", () => {
  it("appends lines and can be closed twice", async () => {
    const path = file("old");
    const output = await createLineFile(path);
    await output.append("one\n");
    await output.append("two\n");
    await output.close();
    await output.close();
    expect(readFileSync(path, "utf8")).toBe("one\ntwo\n");
    await expect(createLineFile(folder)).rejects.toMatchObject({ code: "FILE_IS_DIRECTORY" });
  });
});
