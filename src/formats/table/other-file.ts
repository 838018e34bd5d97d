import { CONTROLS } from "../../core/controls.js";
import { MmelError } from "../../core/index.js";
import type { Archive } from "./xlsx/archive.js";

/** What a file is that is not a table, and what the user can do. */
interface OtherFile {
  /** The file in words: "a PNG picture". */
  readonly name: string;
  readonly hint: string;
}

const save = (program: string): string => `Open the file in ${program}, and save the table as .xlsx or .csv.`;

const PICTURE = "Open the table in Excel or LibreOffice and save it as .xlsx or .csv; pictures are not read.";
const PDF = "Copy the table from the PDF into Excel or LibreOffice, and save it as .xlsx or .csv.";
const WRITER = "Copy the table from the document into Excel or LibreOffice, and save it as .xlsx or .csv.";
const SHEETS = save("Excel or LibreOffice");
const UNPACK = "Unpack the archive, and use the .xlsx or .csv file in it.";
const DATABASE = "Export the table from the database as .xlsx or .csv.";
const MEDIA = "Choose the table that belongs to the recording, saved as .xlsx or .csv.";
const UNKNOWN = "Open the file in the program that made it, and save the table as .xlsx or .csv.";

/** The first bytes of files that are not tables, as Latin-1 text. */
const SIGNATURES: readonly (readonly [RegExp, name: string, hint: string])[] = [
  [/^\x89PNG\r\n/, "a PNG picture", PICTURE],
  [/^\xff\xd8\xff/, "a JPEG picture", PICTURE],
  [/^GIF8[79]a/, "a GIF picture", PICTURE],
  [/^(?:II[*+]\0|MM\0[*+])/, "a TIFF picture", PICTURE],
  [/^RIFF.{4}WEBP/s, "a WebP picture", PICTURE],
  [/^.{4}ftyp(?:avi|hei|hev|mif|msf)/s, "an AVIF or HEIC picture", PICTURE],
  [/^BM.{4}\0{4}/s, "a BMP picture", PICTURE],
  [/^8BPS\0/, "a Photoshop picture", PICTURE],
  [
    /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)?(?:<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/is,
    "an SVG picture",
    PICTURE,
  ],
  [/^\s*%PDF-\d/, "a PDF document", PDF],
  [/^%!PS/, "a PostScript document", PDF],
  [/^\{\\rtf/, "a text document (.rtf)", WRITER],
  [/^\s*<(?:!doctype html|html|head|body|table)[\s>]/i, "a web page (HTML)", SHEETS],
  [/^\s*<\?xml\s/i, "an XML file", SHEETS],
  [/^(?:Rar!|7z\xbc\xaf|\xfd7zXZ\0|\x28\xb5\x2f\xfd|.{257}ustar)/s, "a compressed archive", UNPACK],
  [/^SQLite format 3\0/, "an SQLite database", DATABASE],
  [/^\0.\0\0Standard (?:Jet|ACE) DB/s, "an Access database", DATABASE],
  [/^PAR1/, "a Parquet file", DATABASE],
  [/^(?:RIFF.{4}(?:WAVE|AVI )|.{4}ftyp|ID3.\0|OggS\0|fLaC\0)/s, "an audio or video file", MEDIA],
];

/** Recognises a file that is not a table by its first bytes. */
export function otherFile(head: Uint8Array): OtherFile | undefined {
  const start = Buffer.from(head.subarray(0, 1000))
    .toString("latin1")
    .replace(/^\u00ef\u00bb\u00bf/, "");
  if (start.startsWith("\u00d0\u00cf\u0011\u00e0")) return oldOffice(head);
  const found = SIGNATURES.find(([pattern]) => pattern.test(start));
  return found && { name: found[1], hint: found[2] };
}

/** Recognises a file of Office before 2007, or one with a password, by the names of its parts. */
function oldOffice(head: Uint8Array): OtherFile {
  const has = (part: string): boolean => Buffer.from(head).includes(Buffer.from(part, "utf16le"));
  if (has("EncryptedPackage"))
    return {
      name: "an Office file with a password",
      hint: "Open the file in Excel or LibreOffice, and save it without a password as .xlsx or .csv.",
    };
  if (has("WordDocument")) return { name: "a Word document (.doc)", hint: WRITER };
  if (has("PowerPoint Document")) return { name: "a presentation (.ppt)", hint: WRITER };
  return {
    name: "an Excel file in the old format (.xls), or one with a password",
    hint: "Open the file in Excel or LibreOffice, and save it as .xlsx or .csv without a password.",
  };
}

/** Recognises a ZIP archive that contains no Excel workbook by the names of its parts. */
export function otherArchive({ has }: Pick<Archive, "has">): OtherFile {
  if (has("word/document.xml")) return { name: "a Word document (.docx)", hint: WRITER };
  if (has("ppt/presentation.xml")) return { name: "a presentation (.pptx)", hint: WRITER };
  if (has("xl/workbook.bin")) return { name: "a binary Excel file (.xlsb)", hint: SHEETS };
  if (has("content.xml")) return { name: "a LibreOffice file", hint: save("LibreOffice") };
  if (has("Index/Document.iwa")) return { name: "a Numbers, Pages or Keynote file", hint: save("Numbers") };
  return { name: "a ZIP archive without an Excel workbook", hint: UNPACK };
}

const CONTROL = new RegExp(CONTROLS, "g");

/** Maximum share of control characters in a text. In compressed data, it is about a ninth. */
const MAX_CONTROLS = 1 / 30;

/** Returns what a file is whose first bytes, decoded as text, consist of too many control characters. */
export function binaryFile(head: Uint8Array, encoding: string): OtherFile | undefined {
  const text = new TextDecoder(encoding).decode(head, { stream: true });
  const controls = text.match(CONTROL)?.length ?? 0;
  if (controls <= text.length * MAX_CONTROLS) return undefined;
  return { name: "a binary file", hint: UNKNOWN };
}

export const notTable = (file: string, { name, hint }: OtherFile): MmelError =>
  new MmelError("FORMAT", {
    what: `this is ${name}`,
    where: file,
    expected: "a table: Excel (.xlsx), CSV or TSV",
    hint,
  });
