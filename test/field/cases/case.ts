import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { caseSets, type FieldSet } from "../../../experiments/field/sets.js";
import type { EntityInput } from "../../../src/core/index.js";

/** Captions of one kind that are linked against a small knowledge base. */
export interface FieldCase {
  readonly kind: string;
  /** `invented`, or the source of the names. */
  readonly source: string;
  readonly kb: readonly EntityInput[];
  /** Texts with their mentions in braces: `{name=id}`, or `{name=}` if the name is NIL. */
  readonly captions: readonly string[];
  /** Whether the linker must also detect exactly these mentions. */
  readonly detect?: true;
  /** Whether the captions file counts offsets in code points instead of UTF-16 code units. */
  readonly codePoints?: true;
}

/** Returns an entity. `facts` are its aliases and properties. */
export function entity(
  id: string,
  label: string,
  description: string,
  facts: Omit<EntityInput, "id" | "label" | "description"> = {},
): EntityInput {
  return { id, label, description, ...facts };
}

/** Writes each case to a subfolder of `folder`, in the format of `../shared/field/cases`, and returns the sets. */
export function writeCases(folder: string, cases: readonly FieldCase[]): readonly FieldSet[] {
  for (const [index, { kind, source, kb, captions, detect = false, codePoints }] of cases.entries()) {
    const path = join(folder, String(index).padStart(3, "0"));
    mkdirSync(path, { recursive: true });
    const options = codePoints ? ["--offsets", "codepoint"] : [];
    const lines = captions.map((caption, at) => captionOf(String(at), caption, codePoints ?? false));
    writeFileSync(join(path, "case.json"), JSON.stringify({ kind, source, detect, options }));
    writeFileSync(join(path, "kb.jsonl"), kb.map((one) => JSON.stringify(one)).join("\n"));
    writeFileSync(join(path, "captions.jsonl"), lines.map((one) => JSON.stringify(one)).join("\n"));
  }
  return caseSets(folder);
}

/** Converts a text with mentions in braces to a line of a captions file. */
function captionOf(id: string, marked: string, codePoints: boolean) {
  let text = "";
  const lengthOf = (part: string): number => (codePoints ? [...part].length : part.length);
  const mentions = marked.split(/\{([^}]*=[^}]*)\}/).flatMap((part, index) => {
    if (index % 2 === 0) {
      text += part;
      return [];
    }
    const at = part.lastIndexOf("=");
    const [name, gold] = [part.slice(0, at), part.slice(at + 1)];
    const start = lengthOf(text);
    text += name;
    return [{ text: name, start, end: lengthOf(text), gold: gold === "" ? null : gold }];
  });
  return { id, text, mentions };
}
