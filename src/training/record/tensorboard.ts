import { type FileHandle, open } from "node:fs/promises";

/**
 * A TensorBoard event file with scalars. Each TFRecord frame in the file contains one `Event` message
 * (tensorflow/core/util/event.proto).
 */
export interface EventFile extends AsyncDisposable {
  scalars(step: number, values: Readonly<Record<string, number>>, seconds: number): Promise<void>;
}

/**
 * Opens an event file whose first event is at step `first`. TensorBoard then ignores the events from older files that
 * are at step `first` or later. `seconds` is the current time, in seconds since the epoch.
 */
export async function openEventFile(path: string, first: number, seconds: number): Promise<EventFile> {
  const handle = await open(path, "a");
  if ((await handle.stat()).size === 0)
    await append(handle, event(seconds, [bytesField(3, utf8("brain.Event:2"))]));
  await append(handle, event(seconds, [varintField(2, first), bytesField(7, varintField(1, SESSION_START))]));
  return {
    scalars: (step, values, seconds) => {
      const summary = Object.entries(values).map(([tag, value]) =>
        bytesField(1, Buffer.concat([bytesField(1, utf8(tag)), floatField(2, value)])),
      );
      return append(handle, event(seconds, [varintField(2, step), bytesField(5, Buffer.concat(summary))]));
    },
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

/** Value of `SessionLog.SessionStatus.START`. */
const SESSION_START = 1;

const utf8 = (text: string): Buffer => Buffer.from(text, "utf8");

function event(seconds: number, fields: readonly Buffer[]): Buffer {
  const wallTime = Buffer.alloc(9);
  wallTime[0] = (1 << 3) | 1;
  wallTime.writeDoubleLE(seconds, 1);
  return Buffer.concat([wallTime, ...fields]);
}

/** Appends a TFRecord frame: length, checksum of the length, data, checksum of the data. */
async function append(handle: FileHandle, data: Buffer): Promise<void> {
  const frame = Buffer.alloc(16 + data.length);
  frame.writeBigUInt64LE(BigInt(data.length), 0);
  frame.writeUInt32LE(maskedCrc(frame.subarray(0, 8)), 8);
  data.copy(frame, 12);
  frame.writeUInt32LE(maskedCrc(data), 12 + data.length);
  await handle.writeFile(frame);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...bytes, rest]);
}

const varintField = (field: number, value: number): Buffer =>
  Buffer.concat([varint(field << 3), varint(value)]);

const bytesField = (field: number, value: Buffer): Buffer =>
  Buffer.concat([varint((field << 3) | 2), varint(value.length), value]);

function floatField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes[0] = (field << 3) | 5;
  bytes.writeFloatLE(value, 1);
  return bytes;
}

/** Lookup table for CRC-32C (Castagnoli). */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

export function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) crc = TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function maskedCrc(data: Uint8Array): number {
  const crc = crc32c(data);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
