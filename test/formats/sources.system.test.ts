import { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { bytesOf, readCaptions, readEntities, readJson } from "../../src/formats/index.js";
import { BZIP2_DUMP } from "../datasets/wikidata/bzip2.js";
import { all, chunks, file, folder, outcomes, values } from "./files.js";

const line = (id: number, text = "x"): string => JSON.stringify({ id: String(id), text });
const many = (count: number): string => Array.from({ length: count }, (_, at) => `${line(at)}\n`).join("");
const ids = async (source: Parameters<typeof readCaptions>[0]): Promise<string[]> =>
  (await values(readCaptions(source))).map(({ id }) => id);

describe("readCaptions reads the same captions", () => {
  const text = `${line(1)}\n${line(2)}\n${line(3)}`;
  it.each([
    ["without a final line feed", text],
    ["with a final line feed", `${text}\n`],
    ["with CRLF", `${text.replaceAll("\n", "\r\n")}\r\n`],
    ["with a byte-order mark", `\ufeff${text}`],
    ["with blank lines", `\n\n${text.replaceAll("\n", "\n \r\n\n")}\n\n`],
    ["compressed", gzipSync(text)],
    ["compressed in two members", Buffer.concat([gzipSync(text.slice(0, 30)), gzipSync(text.slice(30))])],
    ["compressed, with a byte-order mark and CRLF", gzipSync(`\ufeff${text.replaceAll("\n", "\r\n")}`)],
  ])("%s", async (_, content) => {
    for (const name of ["a.jsonl", "a.jsonl.gz", "a"])
      expect(await ids(file(content, name))).toEqual(["1", "2", "3"]);
    for (const size of [1, 2, 3, 1000]) expect(await ids(chunks(content, size))).toEqual(["1", "2", "3"]);
    expect(await ids(Readable.from([Buffer.from(content)]))).toEqual(["1", "2", "3"]);
  });

  it("from a compressed file whose name says that it is CSV", async () => {
    expect(await ids(file(gzipSync("\ufeffid,text\r\n1,x\r\n2,y\r\n"), "a.csv.gz"))).toEqual(["1", "2"]);
    const byBzip2 = Buffer.from(
      "QlpoOTFBWSZTWQRfe8wAAAVZgAAQAAQwAAYgBGAgADEAMCAHqaHI01kScyjxdyRThQkARfe8wA==",
      "base64",
    );
    expect(await ids(file(byBzip2, "a.csv.bz2"))).toEqual(["1", "2"]);
  });
});

it.each([
  ["a.jsonl", ""],
  ["a.csv", ""],
  ["a.jsonl.gz", gzipSync("")],
  ["a.jsonl", "\ufeff"],
  ["a.jsonl", "\n\n"],
])("reads no records from an empty %s", async (name, content) => {
  expect(await all(readCaptions(file(content, name)))).toEqual([]);
  expect(await all(readEntities(file(content, name)))).toEqual([]);
});

describe("bytesOf", () => {
  const read = async (packed: Uint8Array): Promise<{ text: string; error?: unknown }> => {
    let text = "";
    try {
      for await (const chunk of bytesOf(chunks(packed, 100))) text += Buffer.from(chunk).toString("latin1");
      return { text };
    } catch (error) {
      return { text, error };
    }
  };

  it("yields the bytes of a bzip2 file before a damaged stream", async () => {
    const { text: whole } = await read(BZIP2_DUMP);
    expect(whole).toContain("Q40");
    const altered = Buffer.from(BZIP2_DUMP);
    altered.fill(0x55, altered.length - 200, altered.length - 100);
    for (const damaged of [BZIP2_DUMP.subarray(0, -200), altered]) {
      const { text, error } = await read(damaged);
      expect(text.length).toBeGreaterThan(whole.length / 2);
      expect(whole.startsWith(text)).toBe(true);
      expect(error).toMatchObject({
        code: "FORMAT",
        message: "the bzip2 data is damaged or truncated, standard input. Copy or download the file again.",
      });
    }
  });
});

describe("readCaptions throws an error of its own for", () => {
  it.each([
    ["a missing file", `${folder}/none.jsonl`, "FILE_NOT_FOUND"],
    ["a folder", folder, "FILE_IS_DIRECTORY"],
    ["UTF-16 text", file(Buffer.from(`\ufeff${line(1)}`, "utf16le")), "ENCODING"],
    ["CSV without a header", file("1,x\n2,y\n", "a.csv"), "FORMAT"],
    ["damaged gzip data", file(Buffer.concat([gzipSync("x").subarray(0, 6), Buffer.alloc(20, 9)])), "FORMAT"],
  ])("%s", async (_, path, code) => {
    await expect(all(readCaptions(path))).rejects.toMatchObject({ code });
  });
});

it.each([
  ["slow", 2_000, 20],
  ["fast", 20_000, 0],
])(
  "yields every whole line of a truncated gzip file to a %s reader before the error",
  async (_, count, pause) => {
    const noise = Array.from({ length: count }, (_, at) => line(at, String(Math.imul(at, 0x9e3779b1)))).join(
      "\n",
    );
    const packed = gzipSync(noise);
    let last = -1;
    const reading = (async () => {
      for await (const read of readCaptions(file(packed.subarray(0, packed.length - 4)))) {
        if (read.kind === "record") last = Number(read.value.id);
        if (pause > 0 && last % 200 === 0) await setTimeout(pause);
      }
    })();
    await expect(reading).rejects.toMatchObject({
      code: "FORMAT",
      message: expect.stringContaining("truncated"),
    });
    expect(last).toBeGreaterThanOrEqual(count - 2);
  },
);

it("rejects a line that is not UTF-8 and continues", async () => {
  const bytes = Buffer.concat([
    Buffer.from(`${line(1)}\n{"id":"\xff`, "latin1"),
    Buffer.from(`"}\n${line(3)}\n`),
  ]);
  const reads = readCaptions(chunks(bytes));
  expect(await outcomes(reads, ({ id }) => id)).toEqual(["1", [2, "ENCODING"], "3"]);
  const cut = Buffer.concat([Buffer.from(`${line(1)}\n`), Buffer.from('{"id":"é"}').subarray(0, 8)]);
  expect(await outcomes(readCaptions(chunks(cut)), ({ id }) => id)).toEqual(["1", [2, "ENCODING"]]);
});

describe("a line over the maximum length", () => {
  it("is rejected one byte above the limit, and reading continues", async () => {
    const reads = (maxLineBytes: number): Promise<unknown[]> =>
      outcomes(readCaptions(chunks(`${line(1, "long")}\n${line(2)}\n`), { maxLineBytes }), ({ id }) => id);
    const length = line(1, "long").length;
    expect(await reads(length)).toEqual(["1", "2"]);
    expect(await reads(length - 1)).toEqual([[1, "LINE_TOO_LONG"], "2"]);
  });

  it("of 200 MB is not kept in memory", async () => {
    async function* huge(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${line(1)}\n{"id":"2","text":"`);
      for (let at = 0; at < 200; at++) yield Buffer.alloc(1 << 20, "x");
      yield Buffer.from(`"}\n${line(3)}\n`);
    }
    const peak = await peakMegabytes(async () => {
      expect(await outcomes(readCaptions(huge()), ({ id }) => id)).toEqual(["1", [2, "LINE_TOO_LONG"], "3"]);
    });
    expect(peak).toBeLessThan(120);
  });

  it("of 200 MB in a compressed file is not kept in memory", async () => {
    const bomb = file(
      Buffer.concat([...Array(200).fill(gzipSync(Buffer.alloc(1 << 20, " x"))), gzipSync(`\n${line(2)}`)]),
    );
    const peak = await peakMegabytes(async () => {
      expect(await outcomes(readCaptions(bomb), ({ id }) => id)).toEqual([[1, "LINE_TOO_LONG"], "2"]);
    });
    expect(peak).toBeLessThan(120);
  });
});

/** The peak growth of buffer memory during `run`, in MiB; garbage counts until it is collected. */
async function peakMegabytes(run: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage().arrayBuffers;
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
  }, 1);
  await run();
  clearInterval(watch);
  return Math.max(peak, process.memoryUsage().arrayBuffers - before) / (1 << 20);
}

it("stops reading when it is aborted or when the consumer stops", async () => {
  const controller = new AbortController();
  const path = file(many(50_000));
  const reading = (async () => {
    for await (const read of readCaptions(path, { signal: controller.signal }))
      if (read.line === 10) controller.abort();
  })();
  await expect(reading).rejects.toMatchObject({ code: "ABORTED" });
  for await (const read of readCaptions(path)) if (read.line === 10) break;
});

it("stops reading at once when it is aborted while standard input is idle", async () => {
  const controller = new AbortController();
  const silent = new Readable({ read: () => {} });
  silent.push(`${line(1)}\n`);
  globalThis.setTimeout(() => controller.abort(), 20);
  await expect(all(readCaptions(silent, { signal: controller.signal }))).rejects.toMatchObject({
    code: "ABORTED",
  });
});

it("reads a JSON file up to the maximum size", async () => {
  expect(await readJson(file(gzipSync('\ufeff{"a":1}'), "a.json.gz"))).toEqual({ a: 1 });
  await expect(readJson(file("[1,"))).rejects.toMatchObject({ code: "FORMAT" });
  await expect(readJson(file(Buffer.from([0x22, 0xff, 0x22])))).rejects.toMatchObject({ code: "ENCODING" });
  await expect(readJson(file("[1,2,3]"), 6)).rejects.toMatchObject({ code: "FORMAT" });
});
