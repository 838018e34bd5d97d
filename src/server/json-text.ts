import { MmelError } from "../core/index.js";

/** Maximum number of arrays and objects inside each other. */
const MAX_DEPTH = 32;
const PICTURE = '"imageData"';
const [QUOTE, COLON, OPEN, OPEN_LIST, CLOSE, CLOSE_LIST] = [...'":{[}]'].map((sign) => sign.charCodeAt(0));
const SPACE = " ".charCodeAt(0);

/**
 * Decodes the bytes of a request. Throws `ENCODING` if they are not UTF-8. A byte-order mark is removed.
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new MmelError("ENCODING", { what: "the request is not UTF-8", expected: "UTF-8 text", cause });
  }
}

/**
 * Checks the size and the depth of a JSON text before it is parsed, because parsing cannot be interrupted. The pictures
 * in the text (`"imageData": "…"`) do not count. Throws `TOO_LARGE` if the rest has more than `maxBytes`, and `FORMAT`
 * if more than 32 arrays and objects are inside each other. Does not check whether the text is JSON.
 */
export function checkJson(text: string, maxBytes: number): void {
  let pictures = 0; // the length of the pictures up to here; base64 has one byte per character
  let depth = 0;
  let isPictureNext = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const start = at;
      at = text.indexOf('"', start + 1);
      const isPicture = isPictureNext && at >= 0 && text[at - 1] !== "\\";
      if (isPicture) pictures += at - start;
      else at = endOfString(text, start, start + maxBytes);
      isPictureNext = text.startsWith(PICTURE, start) && at - start === PICTURE.length - 1;
    } else if (code !== COLON && code > SPACE) isPictureNext = false;
    if (code === OPEN || code === OPEN_LIST) depth++;
    if (code === CLOSE || code === CLOSE_LIST) depth--;
    if (depth > MAX_DEPTH)
      throw new MmelError("FORMAT", {
        what: "the JSON is nested too deeply",
        expected: `at most ${MAX_DEPTH} arrays and objects inside each other`,
      });
    if (at - pictures > maxBytes) throw tooLarge(maxBytes);
  }
  if (text.length * 3 > maxBytes && Buffer.byteLength(text) - pictures > maxBytes) throw tooLarge(maxBytes);
}

/** Returns the position of the quote that ends a string. If the string continues past `most`, returns a later position. */
function endOfString(text: string, start: number, most: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && end < most && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text[before] === "\\") before--;
  return (at - before) % 2 === 0;
}

const tooLarge = (maxBytes: number): MmelError =>
  new MmelError("TOO_LARGE", {
    what: "the JSON is too large",
    expected: `at most ${maxBytes.toLocaleString("en")} bytes without pictures`,
    hint: "Send captions as a stream (application/x-ndjson), or start the service with a larger `--max-body`.",
  });
