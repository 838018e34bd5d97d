import { Parser } from "saxen";
import { unreadable } from "./archive.js";

/** What a reader does with the parts of an XML document. Names are without a namespace prefix. */
export interface XmlHandler {
  readonly open?: (name: string, attribute: (name: string) => string | undefined) => void;
  readonly close?: (name: string) => void;
  readonly text?: (text: string) => void;
}

/** Maximum length of a tag or a text, in characters. A cell of Excel contains at most 32,767. */
const MAX_TOKEN = 1 << 20;

const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

/**
 * Parses XML and calls the handler. Yields after each piece of `chunks`, so that the caller can pass on what the
 * handler collected. Entities other than those of XML and HTML stay as they are written, so they cannot expand. Throws
 * `FORMAT` if the XML is not well-formed, or contains a tag or a text of more than a million characters.
 */
export async function* parseXml(
  chunks: AsyncIterable<string>,
  { open, close, text }: XmlHandler,
  file: string,
): AsyncGenerator<void> {
  let pending = 0;
  const parser = new Parser()
    .on("openTag", (name, attributes, decode) => {
      pending = 0;
      open?.(localName(name), (attribute) => {
        const found = attributes();
        const value = found === false ? undefined : found[attribute];
        return value === undefined ? undefined : decode(value);
      });
    })
    .on("closeTag", (name) => {
      pending = 0;
      close?.(localName(name));
    })
    .on("text", (part, decode) => {
      pending = 0;
      text?.(decode(part));
    })
    .on("cdata", (part) => {
      pending = 0;
      text?.(part);
    })
    .on("error", (error) => {
      throw unreadable(file, `its XML is damaged: ${error.message}`, error);
    });
  for await (const chunk of chunks) {
    pending += chunk.length;
    if (pending > MAX_TOKEN) throw unreadable(file, "it contains a text of more than a million characters");
    parser.write(chunk);
    yield;
  }
  parser.end();
}
