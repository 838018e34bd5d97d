import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parseEncoderConfig, weightSources } from "../../src/encoders/index.js";
import {
  type CheckpointConfig,
  openCheckpoint,
  parseCheckpointConfig,
  readWeights,
  saveCheckpoint,
} from "../../src/models/checkpoint/index.js";
import { storedDivisors } from "../../src/models/mmel/index.js";
import { initialValues, parametersOf } from "../../src/models/mmel/weights.js";
import { loadWeights } from "../../src/tensor/engine/load-weights.js";
import { TINY } from "../encoders/model-folders.js";

const json = (file: string) => JSON.parse(readFileSync(file, "utf8"));
const tokenizer = json(join(TINY, "tokenizer.json"));
const config = parseCheckpointConfig(
  {
    model_type: "mmel",
    format_version: 1,
    name: "tiny",
    precision: "F32",
    head: { variant: "MMEL", d: 8, heads: 2, imageWidth: 5 },
    encoder: parseEncoderConfig(json(join(TINY, "config.json")), TINY),
    input: { maxTokens: 64, contextShare: 0.5 },
    imageEncoder: { id: "some/encoder@rev", hash: "abc" },
    ranking: { collaborativeWeight: 0.5 },
    training: { captions: 3, figures: { top1: 0.5 } },
  },
  "test",
);

const weightsOf = (config: CheckpointConfig): Map<string, Float32Array> =>
  new Map(parametersOf(config).map((parameter) => [parameter.name, initialValues(parameter, 1)]));
const place = (): string => join(mkdtempSync(join(tmpdir(), "mmel-checkpoint-")), "model");

describe("a checkpoint", () => {
  test.each(["F32", "F16", "I8"] as const)(
    "is bitwise identical after saving, opening and saving again (%s)",
    async (precision) => {
      const [first, second] = [place(), place()];
      const saved = await saveCheckpoint(first, {
        config: { ...config, precision },
        tokenizer,
        weights: weightsOf(config),
      });
      const opened = await openCheckpoint(first);
      expect(opened.hash).toBe(saved);
      expect(opened.config).toEqual({ ...config, precision });
      const weights = await readWeights(opened.weights);
      if (precision === "F32")
        expect(weights).toEqual(new Map([...weightsOf(config)].sort(([a], [b]) => (a < b ? -1 : 1))));
      const again = { config: opened.config, tokenizer: opened.tokenizer.json, weights };
      expect(await saveCheckpoint(second, again)).toBe(saved);
      expect(readdirSync(second).sort()).toEqual([
        "README.md",
        "config.json",
        "model.safetensors",
        "tokenizer.json",
      ]);
      for (const name of readdirSync(second))
        expect(readFileSync(join(second, name)).equals(readFileSync(join(first, name)))).toBe(true);
    },
  );

  test.each(["F32", "F16", "I8"] as const)(
    "is read by an engine with the same weights (%s)",
    async (precision) => {
      const folder = place();
      await saveCheckpoint(folder, {
        config: { ...config, precision },
        tokenizer,
        weights: weightsOf(config),
      });
      const { weights } = await openCheckpoint(folder);
      const { views } = await loadWeights(weightSources(weights), new AbortController().signal);
      expect(new Map(views)).toEqual(await readWeights(weights));
    },
  );

  test("keeps the divisors for int8 with int8 weights, and saves the same bytes again", async () => {
    const [first, second] = [place(), place()];
    const weight = "encoder.encoder.layer.0.intermediate.dense.weight";
    const [, width] = parametersOf(config).find(({ name }) => name === weight)!.shape;
    const int8 = new Map([[weight, Float32Array.from({ length: width! }, (_, at) => 0.3 + at)]]);
    const content = {
      config: { ...config, precision: "I8" as const },
      tokenizer,
      weights: weightsOf(config),
      int8,
    };
    const hash = await saveCheckpoint(first, content);
    const { weights: stored } = await openCheckpoint(first);
    expect(await storedDivisors(stored)).toEqual(int8);
    expect(await saveCheckpoint(second, { ...content, weights: await readWeights(stored) })).toBe(hash);
    const wide = { ...content, config };
    await saveCheckpoint(second, wide);
    expect(await storedDivisors((await openCheckpoint(second)).weights)).toEqual(new Map());
  });

  test("has a hash of everything that affects scores, but not of name and training record", async () => {
    const hash = (change: Partial<CheckpointConfig>, weights = weightsOf(config), vocabulary = tokenizer) =>
      saveCheckpoint(place(), { config: { ...config, ...change }, tokenizer: vocabulary, weights });
    const base = await hash({});
    expect(base).toMatch(/^[0-9a-f]{16}$/);
    expect(await hash({ name: "other", training: { captions: 4 } })).toBe(base);
    expect(await hash({ ranking: { collaborativeWeight: 0.6 } })).not.toBe(base);
    expect(await hash({ input: { maxTokens: 63, contextShare: 0.5 } })).not.toBe(base);
    expect(await hash({}, weightsOf(config), { ...tokenizer, version: "2" })).not.toBe(base);
    const moved = weightsOf(config);
    moved.get("match.bias")![0]! += 1e-6;
    expect(await hash({}, moved)).not.toBe(base);
  });

  test("replaces an existing checkpoint as a whole, and no other folder", async () => {
    const folder = place();
    const content = { config, tokenizer, weights: weightsOf(config) };
    await saveCheckpoint(folder, content);
    const renamed = { ...content, config: { ...config, name: "newer" } };
    await saveCheckpoint(folder, renamed);
    expect((await openCheckpoint(folder)).config.name).toBe("newer");
    expect(readdirSync(join(folder, ".."))).toEqual(["model"]);

    const nan = new Map(content.weights).set("match.bias", Float32Array.of(0, Number.NaN));
    await expect(saveCheckpoint(folder, { ...content, weights: nan })).rejects.toMatchObject({
      code: "NOT_A_NUMBER",
    });
    expect((await openCheckpoint(folder)).config.name).toBe("newer");
    expect(readdirSync(join(folder, ".."))).toEqual(["model"]);

    writeFileSync(join(folder, "thesis.tex"), "years of work");
    await expect(saveCheckpoint(folder, content)).rejects.toThrow(/thesis.tex/);
    writeFileSync(join(folder, "..", "file"), "");
    await expect(saveCheckpoint(join(folder, "..", "file"), content)).rejects.toMatchObject({
      code: "FILE_UNWRITABLE",
    });
    expect(existsSync(join(folder, "..", "file"))).toBe(true);
    await expect(saveCheckpoint(join(folder, "..", "file", "model"), content)).rejects.toMatchObject({
      code: "FILE_UNWRITABLE",
    });
  });

  test("has no image weights if it is text-only, and a card that describes it", async () => {
    const textOnly = { ...config, head: { ...config.head, variant: "MMEL-onlytext" as const } };
    const folder = place();
    const hash = await saveCheckpoint(folder, { config: textOnly, tokenizer, weights: weightsOf(textOnly) });
    const opened = await openCheckpoint(folder);
    expect([...opened.weights.keys()].filter((name) => name.includes("image"))).toEqual([]);
    const card = readFileSync(join(folder, "README.md"), "utf8");
    for (const part of ["# tiny", hash, "MMEL-onlytext", '"captions": 3']) expect(card).toContain(part);
  });
});

describe("openCheckpoint rejects", () => {
  let good: string;
  beforeAll(async () => {
    good = place();
    await saveCheckpoint(good, { config, tokenizer, weights: weightsOf(config) });
  });

  /** Copies the good checkpoint with one file changed. */
  function copyWith(name: string, change: (text: Buffer) => string | Buffer): string {
    const folder = place();
    mkdirSync(folder);
    for (const file of readdirSync(good)) copyFileSync(join(good, file), join(folder, file));
    writeFileSync(join(folder, name), change(readFileSync(join(good, name))));
    return folder;
  }
  const withConfig = (change: object): string =>
    copyWith("config.json", (text) => JSON.stringify({ ...JSON.parse(text.toString()), ...change }));

  test.each([
    ["a later format version", { format_version: 2 }, "MODEL_UNSUPPORTED", /format version 2.*newer release/],
    ["another kind of model", { model_type: "bert" }, "MODEL_UNSUPPORTED", /"bert"/],
    [
      "another text encoder",
      { encoder: { model_type: "electra" } },
      "MODEL_UNSUPPORTED",
      /"electra".*expected "bert"/,
    ],
    ["an unknown field", { surprise: 1 }, "MODEL_DAMAGED", /surprise/],
    ["an unknown variant", { head: { variant: "MMEL-2" } }, "MODEL_DAMAGED", /head: variant/],
    ["an unknown precision", { precision: "I4" }, "MODEL_DAMAGED", /precision/],
    [
      "inputs longer than the encoder",
      { input: { maxTokens: 65, contextShare: 0.5 } },
      "MODEL_DAMAGED",
      /at most 64/,
    ],
    ["a name that is a path", { name: "../x" }, "MODEL_DAMAGED", /name/],
    [
      "weights of other shapes",
      { head: { ...config.head, d: 16 } },
      "MODEL_DAMAGED",
      /gate\.out\.weight has shape \[2, 8\], expected \[2, 16\]; .*; and \d+ other problems/,
    ],
    [
      "missing weights",
      { encoder: { ...config.encoder, num_hidden_layers: 4 } },
      "MODEL_DAMAGED",
      /missing encoder\.encoder\.layer\.3\./,
    ],
    [
      "unexpected weights",
      { encoder: { ...config.encoder, num_hidden_layers: 2 } },
      "MODEL_DAMAGED",
      /unexpected encoder\.encoder\.layer\.2\./,
    ],
  ])("%s", async (_, change, code, message) => {
    const error = await openCheckpoint(withConfig(change)).catch((error) => error);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test("token ids beyond the vocabulary", async () => {
    const folder = copyWith("tokenizer.json", (text) =>
      JSON.stringify({
        ...JSON.parse(text.toString()),
        model: { ...tokenizer.model, vocab: { ...tokenizer.model.vocab, far: 2 ** 31 } },
      }),
    );
    await expect(openCheckpoint(folder)).rejects.toThrow(/ids go up to 2147483648.*vocab_size of 99/);
  });

  test("truncated files and files of another format", async () => {
    const cut = copyWith("model.safetensors", (bytes) => bytes.subarray(0, -5));
    await expect(openCheckpoint(cut)).rejects.toMatchObject({ code: "MODEL_DAMAGED" });
    const text = copyWith("model.safetensors", () => "not weights at all, but long enough");
    await expect(openCheckpoint(text)).rejects.toMatchObject({ code: "MODEL_DAMAGED" });
    const broken = copyWith("config.json", (bytes) => bytes.subarray(0, -5));
    await expect(openCheckpoint(broken)).rejects.toMatchObject({ code: "MODEL_DAMAGED" });
    await expect(openCheckpoint(place())).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
  });

  test("weights that are not numbers", async () => {
    const folder = copyWith("model.safetensors", (bytes) => {
      bytes.writeFloatLE(Number.NaN, bytes.length - 4);
      return bytes;
    });
    const { weights } = await openCheckpoint(folder);
    await expect(readWeights(weights)).rejects.toMatchObject({ code: "NOT_A_NUMBER" });
  });
});
