import type { Document, Node } from "@xmldom/xmldom";
import { MmelError } from "../../core/index.js";

/** Maximum length of an XMP packet in characters. The parsed objects need many times as much memory. */
export const MAX_XMP = 4 << 20;

/**
 * Returns an XML parser for exifreader. exifreader ignores the errors that a parser throws, so this parser also records
 * them. `refused` returns the error for a packet that was too long or had a DOCTYPE, or undefined if there was none.
 */
export async function createXmpParser() {
  const { DOMParser, onErrorStopParsing } = await import("@xmldom/xmldom");
  const parser = new DOMParser({ onError: onErrorStopParsing });
  let refused: MmelError | undefined;
  return {
    refused: () => refused,
    parseFromString(text: string, type: string): Document {
      refused ??= problemOf(text);
      if (refused !== undefined) throw refused;
      const document = parser.parseFromString(text, type);
      if (/<!|<\?(?!xpacket)/.test(text)) {
        reduceToText(document, document);
        document.documentElement?.normalize();
      }
      return document;
    },
  };
}

function problemOf(text: string): MmelError | undefined {
  if (text.length > MAX_XMP)
    return new MmelError("IMAGE_TOO_LARGE", {
      what: `the picture's XMP is too large: ${text.length} characters`,
      expected: `at most ${MAX_XMP} characters`,
    });
  if (/<!DOCTYPE/i.test(text))
    return new MmelError("IMAGE_UNREADABLE", {
      what: "the picture's XMP has a DOCTYPE",
      expected: "XMP without a DOCTYPE",
    });
  return undefined;
}

/**
 * Removes the comments and processing instructions below a node, and replaces CDATA sections with text. exifreader
 * reads only elements and text.
 */
function reduceToText(node: Node, document: Document): void {
  for (const child of [...node.childNodes]) {
    if (child.nodeType === child.COMMENT_NODE || child.nodeType === child.PROCESSING_INSTRUCTION_NODE)
      node.removeChild(child);
    else if (child.nodeType === child.CDATA_SECTION_NODE)
      node.replaceChild(document.createTextNode(child.nodeValue ?? ""), child);
    else reduceToText(child, document);
  }
}
