/** The forms of picture that are told apart by their first bytes; `heic` cannot be decoded here. */
export type ImageFormat = "jpeg" | "png" | "gif" | "webp" | "tiff" | "avif" | "heic" | "svg";

const SIGNATURES: readonly (readonly [ImageFormat, RegExp])[] = [
  ["jpeg", /^\xff\xd8\xff/],
  ["png", /^\x89PNG\r\n/],
  ["gif", /^GIF8[79]a/],
  ["webp", /^RIFF.{4}WEBP/s],
  ["tiff", /^(?:II[*+]\0|MM\0[*+])/],
  ["avif", /^.{4}ftyp(?:.{4})*?avi[fs]/s],
  ["heic", /^.{4}ftyp(?:hei[cxms]|hev[cxms]|mif1|msf1)/s],
  ["svg", /^(?:\xef\xbb\xbf)?\s*<.*?<?svg[\s>/]/s],
];

/** Bytes looked at; libvips looks for `<svg` in as many. */
const HEAD = 1000;

/** The brands of an ISO media file, which is as long as its first box says. */
function mediaHead(head: string): string {
  if (head.slice(4, 8) !== "ftyp") return head;
  const length = Buffer.from(head.slice(0, 4), "latin1").readUInt32BE();
  return head.slice(0, length);
}

/** What a file is by its content, whatever its name says; undefined: no picture that we know. */
export function imageFormat(bytes: Uint8Array): ImageFormat | undefined {
  const head = mediaHead(Buffer.from(bytes.subarray(0, HEAD)).toString("latin1"));
  return SIGNATURES.find(([, signature]) => signature.test(head))?.[0];
}
