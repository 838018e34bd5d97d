import { readFile, stat } from "node:fs/promises";
import { MmelError } from "../core/index.js";
import { damaged } from "../formats/safetensors/index.js";

const MAX_BYTES = 64 * 1024 * 1024;

/** Reads one JSON object of a model's folder. `MODEL_NOT_FOUND` without the file; `MODEL_DAMAGED`. */
export async function readJson(file: string): Promise<object> {
  const text = await readText(file);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw damaged("the file is not JSON", file);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw damaged("the file is not a JSON object", file);
  return json;
}

async function readText(file: string): Promise<string> {
  let bytes: number;
  try {
    bytes = (await stat(file)).size;
    if (bytes <= MAX_BYTES) return await readFile(file, "utf8");
  } catch (cause) {
    throw new MmelError("MODEL_NOT_FOUND", {
      what: "a file of the model cannot be read",
      where: file,
      cause,
    });
  }
  throw damaged(`the file has ${bytes} bytes`, file, `at most ${MAX_BYTES}`);
}
