import { notTable, otherArchive } from "../other-file.js";
import { type Archive, unreadable } from "./archive.js";
import { numberFormat, type ShowNumber } from "./number-format.js";
import { parseXml, type XmlHandler } from "./xml.js";

/** A sheet of a workbook. `part` is the name of its part in the archive. */
export interface Sheet {
  readonly name: string;
  readonly part: string;
  readonly hidden: boolean;
}

/** What is needed to read the cells of a workbook. */
export interface Workbook {
  readonly sheets: readonly Sheet[];
  /** The texts that cells refer to by number. */
  readonly texts: readonly string[];
  /** How the numbers of a cell with a style are shown, by the number of the style. */
  readonly styles: readonly ShowNumber[];
}

/** Maximum number of characters of all shared texts. */
const MAX_TEXT = 256 << 20;

/** Reads the sheets, texts and styles of a workbook. Throws `FORMAT` if the archive is not an Excel file. */
export async function readWorkbook(archive: Archive, file: string): Promise<Workbook> {
  const parse = async (part: string, handler: XmlHandler): Promise<void> => {
    if (archive.has(part)) for await (const _ of parseXml(archive.text(part), handler, file));
  };
  const root = (await relations(parse, "")).find(({ type }) => type === "officeDocument");
  const main = root?.target ?? "xl/workbook.xml";
  if (!archive.has(main) || !/(?:^|\/)workbook[^/]*\.xml$/i.test(main))
    throw notTable(file, otherArchive(archive));
  const related = await relations(parse, main);
  const partOf = (type: string): string => related.find((one) => one.type === type)?.target ?? "";
  const sheets: Sheet[] = [];
  let is1904 = false;
  await parse(main, {
    open(name, attribute) {
      if (name === "workbookPr") is1904 = ["1", "true"].includes(attribute("date1904") ?? "");
      if (name !== "sheet") return;
      const id = attribute("r:id") ?? attribute("id");
      const target = related.find((one) => one.id === id && one.type === "worksheet")?.target;
      if (target === undefined) return;
      sheets.push({
        name: attribute("name") ?? "",
        part: target,
        hidden: attribute("state") !== undefined && attribute("state") !== "visible",
      });
    },
  });
  const texts = await readTexts(parse, partOf("sharedStrings"), file);
  return { sheets, texts, styles: await readStyles(parse, partOf("styles"), is1904) };
}

type Parse = (part: string, handler: XmlHandler) => Promise<void>;

/** Reads the parts that a part (or "", the archive) refers to. */
async function relations(parse: Parse, part: string) {
  const cut = part.lastIndexOf("/") + 1;
  const [folder, name] = [part.slice(0, cut), part.slice(cut)];
  const found: { readonly id: string | undefined; readonly type: string; readonly target: string }[] = [];
  await parse(`${folder}_rels/${name}.rels`, {
    open(tag, attribute) {
      if (tag !== "Relationship") return;
      const type = attribute("Type")?.replace(/^.*\//, "") ?? "";
      found.push({ id: attribute("Id"), type, target: resolved(folder, attribute("Target") ?? "") });
    },
  });
  return found;
}

/** Returns the name of the part with a path, which is relative to a folder or begins with `/`. */
const resolved = (folder: string, path: string): string =>
  new URL(path, `zip:///${folder}`).pathname.slice(1);

async function readTexts(parse: Parse, part: string, file: string): Promise<string[]> {
  const texts: string[] = [];
  let total = 0;
  const reader = createTextReader((text) => {
    total += text.length;
    if (total > MAX_TEXT) throw unreadable(file, `its texts have more than ${MAX_TEXT} characters`);
  });
  await parse(part, {
    ...reader,
    open(name) {
      if (name === "si") reader.take();
      reader.open(name);
    },
    close(name) {
      reader.close(name);
      if (name === "si") texts.push(reader.take());
    },
  });
  return texts;
}

/** Returns a handler that collects the content of `<t>`, except reading aids (`<rPh>`). `take` returns it. */
export function createTextReader(onText?: (text: string) => void) {
  let text = "";
  let isText = false;
  let isAid = false;
  return {
    open(name: string) {
      if (name === "t") isText = true;
      else if (name === "rPh") isAid = true;
    },
    close(name: string) {
      if (name === "t") isText = false;
      else if (name === "rPh") isAid = false;
    },
    text(part: string) {
      if (!isText || isAid) return;
      onText?.(part);
      text += part;
    },
    take(): string {
      const taken = unescaped(text);
      text = "";
      return taken;
    },
  };
}

/** Decodes the characters that XML cannot contain, which Excel writes as `_x000D_`. */
export const unescaped = (text: string): string =>
  text.replace(/_x([\dA-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

async function readStyles(parse: Parse, part: string, is1904: boolean): Promise<ShowNumber[]> {
  const codes = new Map<number, string>();
  const styles: ShowNumber[] = [];
  let isCellStyle = false;
  await parse(part, {
    open(name, attribute) {
      if (name === "numFmt") codes.set(Number(attribute("numFmtId")), attribute("formatCode") ?? "");
      else if (name === "cellXfs") isCellStyle = true;
      else if (name === "xf" && isCellStyle) {
        const id = Number(attribute("numFmtId") ?? 0);
        styles.push(numberFormat(id, codes.get(id), is1904));
      }
    },
    close(name) {
      if (name === "cellXfs") isCellStyle = false;
    },
  });
  return styles;
}
