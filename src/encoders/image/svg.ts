import { MmelError } from "../../core/index.js";

/** What a drawing that stands for itself does without, and why each is refused. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/<!(?:DOCTYPE|ENTITY)/i, "it declares a document type or entities"],
  [/<\?xml-stylesheet/i, "it names a style sheet"],
  [/@import/i, "it imports a style sheet"],
  [/<\s*(?:[\w-]+:)?(?:script|foreignObject|include)\b/i, "it has a part that is no drawing"],
  [/(?:href|src)\s*=\s*(?!["']\s*#)/i, "it refers to something outside itself"],
  [/url\s*\(\s*(?!["']?\s*#)/i, "it refers to something outside itself"],
  [/\\/, "it has an escape, which may hide a reference"],
];

/**
 * Lets only drawings through that are whole in themselves: no DOCTYPE, no entities, no scripts, and every reference to a
 * part of their own (`#id`). So nothing is fetched, and nothing expands. `IMAGE_UNSUPPORTED`.
 */
export function refuseUnsafeSvg(bytes: Uint8Array): void {
  const text = utf8(bytes);
  const why = text === undefined ? "it is not UTF-8" : REFUSED.find(([pattern]) => pattern.test(text))?.[1];
  if (why === undefined) return;
  throw new MmelError("IMAGE_UNSUPPORTED", {
    what: `the SVG is refused: ${why}`,
    expected: "a drawing without entities, scripts, and references to other files",
    hint: "converting it to PNG",
  });
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
