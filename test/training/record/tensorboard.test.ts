import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { crc32c, openEventFile } from "../../../src/training/record/tensorboard.js";

/** Fields of a protobuf message by number: varints as numbers, other fields as bytes. */
function fields(message: Buffer): Map<number, (number | Buffer)[]> {
  const found = new Map<number, (number | Buffer)[]>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = message[at++]!;
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
  };
  const bytes = (length: number): Buffer => {
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = varint();
    const read = { 0: varint, 1: () => bytes(8), 2: () => bytes(varint()), 5: () => bytes(4) }[key & 7]!;
    found.set(key >>> 3, [...(found.get(key >>> 3) ?? []), read()]);
  }
  return found;
}

/** Reads the messages of a TFRecord file and verifies both checksums of each. */
function frames(file: Buffer): Buffer[] {
  const masked = (data: Buffer): number => {
    const crc = crc32c(data);
    return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  };
  const found: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    expect(file.readUInt32LE(at + 8)).toBe(masked(file.subarray(at, at + 8)));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(file.readUInt32LE(at + 12 + length)).toBe(masked(data));
    found.push(data);
    at += 16 + length;
  }
  return found;
}

describe("CRC-32C", () => {
  it.each([
    ["123456789", 0xe3069283], // the check value of the CRC catalogue
    ["", 0],
    ["\0".repeat(32), 0x8a9136aa], // RFC 3720, B.4
    ["\xff".repeat(32), 0x62a8ab43],
    [String.fromCharCode(...Array(32).keys()), 0x46dd794e],
  ])("of %j", (text, crc) => {
    expect(crc32c(Buffer.from(text, "latin1"))).toBe(crc);
  });
});

describe("openEventFile", () => {
  it("writes the given events", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "mmel-events-")), "events.out.tfevents.1.mmel");
    {
      await using events = await openEventFile(path, 301, 12.5);
      await events.scalars(301, { loss: 0.5, top1: -3 }, 13.25);
      await events.scalars(1_000_000_007, { loss: 0.25 }, 14);
    }
    const [version, start, ...scalars] = frames(readFileSync(path)).map(fields);
    expect(String(version!.get(3))).toBe("brain.Event:2");
    expect((version!.get(1)![0] as Buffer).readDoubleLE()).toBe(12.5);
    expect(start!.get(2)).toEqual([301]);
    expect(fields(start!.get(7)![0] as Buffer).get(1)).toEqual([1]); // a session starts: what came later is void
    const read = scalars.map((event) => ({
      seconds: (event.get(1)![0] as Buffer).readDoubleLE(),
      step: event.get(2)![0],
      values: fields(event.get(5)![0] as Buffer)
        .get(1)!
        .map((value) => fields(value as Buffer))
        .map((value) => [String(value.get(1)), (value.get(2)![0] as Buffer).readFloatLE()]),
    }));
    expect(read).toEqual([
      {
        seconds: 13.25,
        step: 301,
        values: [
          ["loss", 0.5],
          ["top1", -3],
        ],
      },
      { seconds: 14, step: 1_000_000_007, values: [["loss", 0.25]] },
    ]);
  });
});
