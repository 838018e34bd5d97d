import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fetchFromHub, isHubName, openPretrained } from "../../src/encoders/index.js";
import { pullModel } from "../../src/models/pull.js";
import { TINY } from "./model-folders.js";

const NAME = `someone/tiny@${"0123456789".repeat(4)}`;
const cacheFolder = (): string => mkdtempSync(join(tmpdir(), "mmel-hub-"));

/** A hub that serves these files in ranges, as the real one does, and records the requests. */
function hub(files: Record<string, Buffer>): { fetch: typeof fetch; asked: string[] } {
  const asked: string[] = [];
  const answer = async (url: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> => {
    const path = new URL(String(url)).pathname;
    asked.push(path);
    const file = files[path.split("/").at(-1)!];
    if (file === undefined)
      return new Response("", { status: 404, headers: { "X-Error-Code": "EntryNotFound" } });
    const range = /bytes=(\d+)-(\d+)/.exec(new Headers(init?.headers).get("Range") ?? "");
    const [start, end] = range === null ? [0, file.length] : [Number(range[1]), Number(range[2]) + 1];
    const headers = { "Content-Range": `bytes ${start}-${end - 1}/${file.length}`, ETag: '"1"' };
    return new Response(new Uint8Array(file.subarray(start, end)), {
      status: range === null ? 200 : 206,
      headers,
    });
  };
  return { fetch: answer, asked };
}

const tiny = Object.fromEntries(
  ["config.json", "tokenizer.json", "model.safetensors"].map((name) => [
    name,
    readFileSync(join(TINY, name)),
  ]),
);

describe("fetchFromHub", () => {
  it("downloads a model once, and then opens it from the cache without a connection", async () => {
    const cache = cacheFolder();
    const { fetch, asked } = hub(tiny);
    const folder = await fetchFromHub(NAME, { cache, fetch });
    expect(readdirSync(folder).sort()).toEqual(["config.json", "model.safetensors", "tokenizer.json"]);
    for (const [name, bytes] of Object.entries(tiny))
      expect(readFileSync(join(folder, name)).equals(bytes)).toBe(true);
    expect((await openPretrained(folder)).config.hidden_size).toBe(24);
    expect(
      asked.every((path) => path.startsWith("/someone/tiny/") && path.includes(NAME.split("@")[1]!)),
    ).toBe(true);
    const calls = asked.length;
    expect(await fetchFromHub(NAME, { cache, fetch })).toBe(folder);
    expect(asked).toHaveLength(calls);
  });

  it("pulls a model with its calibration", async () => {
    const calibration = Buffer.from("{}");
    const hubFiles = hub({ ...tiny, "calibration.json": calibration });
    const folder = await pullModel(NAME, { cache: cacheFolder(), fetch: hubFiles.fetch });
    expect(readdirSync(folder).sort()).toEqual([
      "calibration.json",
      "config.json",
      "model.safetensors",
      "tokenizer.json",
    ]);
  });

  it("downloads shards, and rejects a shard outside the folder", async () => {
    const { "model.safetensors": _, ...rest } = tiny;
    const sharded = (shard: string): Record<string, Buffer> => ({
      ...rest,
      "model.safetensors.index.json": Buffer.from(JSON.stringify({ weight_map: { a: shard } })),
      "one.safetensors": Buffer.from("one"),
    });
    const folder = await fetchFromHub(NAME, {
      cache: cacheFolder(),
      fetch: hub(sharded("one.safetensors")).fetch,
    });
    expect(readFileSync(join(folder, "one.safetensors"), "utf8")).toBe("one");
    const outside = fetchFromHub(NAME, {
      cache: cacheFolder(),
      fetch: hub(sharded("../one.safetensors")).fetch,
    });
    await expect(outside).rejects.toThrow(/outside the folder/);
  });

  it("reports a missing connection with a hint, and leaves no partial files", async () => {
    const cache = cacheFolder();
    const offline = (): Promise<Response> => Promise.reject(new TypeError("fetch failed"));
    await expect(fetchFromHub(NAME, { cache, fetch: offline })).rejects.toMatchObject({
      code: "MODEL_NOT_FOUND",
      message: expect.stringMatching(/fetch failed.*pass its path/),
    });
    expect(readdirSync(cache).flatMap((folder) => readdirSync(join(cache, folder)))).toEqual([]);
  });

  it("rejects models with missing files, and names without a commit", async () => {
    const { "tokenizer.json": _, ...rest } = tiny;
    await expect(fetchFromHub(NAME, { cache: cacheFolder(), fetch: hub(rest).fetch })).rejects.toThrow(
      /no tokenizer.json/,
    );
    for (const name of ["someone/tiny", "someone/tiny@main", "../x", "a/b/c@0", `../b@${"0".repeat(40)}`]) {
      expect(isHubName(name)).toBe(false);
      await expect(fetchFromHub(name, { cache: cacheFolder() })).rejects.toMatchObject({ code: "USAGE" });
    }
  });
});
