import { deflateSync } from "node:zlib";
import sharp, { type Color, type Sharp } from "sharp";
import type { Pixels } from "../../../src/encoders/image/index.js";

/** The image of `fixtures/make.py`. */
export function picture(width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < data.length; at++) {
    const channel = at % 3;
    const x = Math.floor(at / 3) % width;
    const y = Math.floor(at / 3 / width);
    const phase = x * (5 + 2 * channel) + y * (9 - 3 * channel);
    const wave = Math.abs((((phase % 512) + 512) % 512) - 256);
    const block = (Math.floor(x / 16) + Math.floor(y / 16)) % 2 === 0 ? 60 : 0;
    data[at] = Math.min(255, Math.max(0, wave + block - 20));
  }
  return { data, width, height };
}

/** Converts pixels to a sharp image, to be encoded in any format. */
export function drawn({ data, width, height }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** An image of one colour. */
export function plain(width: number, height: number, background: Color, channels: 3 | 4 = 3): Sharp {
  return sharp({ create: { width, height, channels, background }, limitInputPixels: false });
}

/** The mean of each channel, from 0 to 255. */
export function meanColour({ data, width, height }: Pixels): number[] {
  const sums = [0, 0, 0];
  data.forEach((value, at) => {
    sums[at % 3] = sums[at % 3]! + value;
  });
  return sums.map((sum) => sum / (width * height));
}

/** A PNG of a few bytes that claims this size. */
export function hugePng(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(data.length, 0);
    body.copy(framed, 4);
    framed.writeUInt32BE(crc32(body), body.length + 4);
    return framed;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.alloc(1000))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** An SVG, with `head` before it. */
export const svg = (body: string, head = ""): Buffer =>
  Buffer.from(
    `${head}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">${body}</svg>`,
  );

/** A document type whose entity `j` expands to ten billion characters. */
export const laughs = `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "ha">${[..."bcdefghij"]
  .map((name, at) => `<!ENTITY ${name} "${`&${"abcdefghij"[at]};`.repeat(10)}">`)
  .join("")}]>`;

const drawing = (inner: string): Buffer =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100">${inner}</svg>`);

/** Small SVGs that take hours to render: a large filter, and a path of millions of lines. */
export const HOSTILE_DRAWINGS: readonly Buffer[] = [
  drawing(
    `<filter id="f" x="-5000" y="-5000" width="10000" height="10000" filterUnits="userSpaceOnUse">${'<feMorphology operator="dilate" radius="1000"/>'.repeat(100)}</filter><rect width="100" height="100" filter="url(#f)"/>`,
  ),
  drawing(
    `<path fill="none" stroke="red" stroke-width="9" d="M0 0${Array.from({ length: 800_000 }, (_, at) => `L${(at * 7) % 100} ${(at * 13) % 100}`).join("")}"/>`,
  ),
];
