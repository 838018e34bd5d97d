import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openPretrained } from "../../src/encoders/index.js";
import { TINY } from "./model-folders.js";

type Json = Record<string, unknown>;

/** Copies the tiny BERT's folder with one file changed, or removed for undefined. */
function changedFolder(name: string, change: (json: Json) => Json | string | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), "mmel-folder-"));
  for (const file of readdirSync(TINY)) copyFileSync(join(TINY, file), join(folder, file));
  const changed = change(name.endsWith(".json") ? JSON.parse(readFileSync(join(TINY, name), "utf8")) : {});
  if (changed === undefined) rmSync(join(folder, name));
  else writeFileSync(join(folder, name), typeof changed === "string" ? changed : JSON.stringify(changed));
  return folder;
}

describe("openPretrained", () => {
  it("lists the supported architectures if it finds another one", async () => {
    for (const model_type of ["electra", "gpt2", "toString", 7, undefined])
      await expect(
        openPretrained(changedFolder("config.json", (json) => ({ ...json, model_type }))),
      ).rejects.toMatchObject({
        code: "MODEL_UNSUPPORTED",
        message: expect.stringContaining('expected "bert"'),
      });
  });

  it.each<[string, string, (json: Json) => Json | string | undefined, string, RegExp]>([
    ["no configuration", "config.json", () => undefined, "MODEL_NOT_FOUND", /config\.json/],
    ["no tokenizer", "tokenizer.json", () => undefined, "MODEL_NOT_FOUND", /tokenizer\.json/],
    [
      "no weights",
      "model.safetensors",
      () => undefined,
      "MODEL_NOT_FOUND",
      /model\.safetensors\.index\.json/,
    ],
    ["a configuration that is not JSON", "config.json", () => "{", "MODEL_DAMAGED", /not JSON/],
    ["a configuration that is a list", "config.json", () => "[]", "MODEL_DAMAGED", /not a JSON object/],
    [
      "another activation",
      "config.json",
      (json) => ({ ...json, hidden_act: "silu" }),
      "MODEL_UNSUPPORTED",
      /hidden_act/,
    ],
    [
      "relative positions",
      "config.json",
      (json) => ({ ...json, position_embedding_type: "relative_key" }),
      "MODEL_UNSUPPORTED",
      /position_embedding_type/,
    ],
    [
      "heads that do not divide the width",
      "config.json",
      (json) => ({ ...json, num_attention_heads: 5 }),
      "MODEL_UNSUPPORTED",
      /does not divide/,
    ],
    [
      "an absurd width",
      "config.json",
      (json) => ({ ...json, hidden_size: 2 ** 40 }),
      "MODEL_UNSUPPORTED",
      /hidden_size/,
    ],
    [
      "a configuration of other shapes",
      "config.json",
      (json) => ({ ...json, intermediate_size: 41 }),
      "MODEL_DAMAGED",
      /layer\.1\.output\.dense\.weight has shape \[24, 40\], expected \[24, 41\]/,
    ],
    [
      "a smaller vocabulary than the tokenizer's",
      "config.json",
      (json) => ({ ...json, vocab_size: 98 }),
      "MODEL_DAMAGED",
      /ids go up to 98/,
    ],
    [
      "an added token beyond the vocabulary",
      "tokenizer.json",
      (json) => ({ ...json, added_tokens: [{ id: 99, content: "x" }] }),
      "MODEL_DAMAGED",
      /ids go up to 99/,
    ],
    [
      "a tokenizer of another kind",
      "tokenizer.json",
      (json) => ({ ...json, pre_tokenizer: { type: "ByteLevel" } }),
      "MODEL_UNSUPPORTED",
      /pre_tokenizer/,
    ],
    [
      "a tokenizer without its unknown token",
      "tokenizer.json",
      (json) => ({ ...json, model: { ...(json.model as Json), unk_token: "[NOPE]" } }),
      "MODEL_DAMAGED",
      /\[NOPE\]/,
    ],
  ])("rejects a folder with %s", async (_, name, change, code, message) => {
    const error = await openPretrained(changedFolder(name, change)).catch((error) => error);
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
  });
});
