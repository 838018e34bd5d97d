import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  createPairEncoder,
  type InputTokens,
  openPretrained,
  type PretrainedEncoder,
  textEncoder,
} from "../../src/encoders/index.js";
import { writeTensors } from "../../src/formats/safetensors/index.js";
import { createGraph } from "../../src/tensor/onnx/index.js";
import { furthest, hiddenStates, PREFIX, program, weightsOf } from "./hidden-states.js";
import { MINILM, TINY, WIKIMEL } from "./model-folders.js";

const json = (file: string) => JSON.parse(readFileSync(file, "utf8"));
const expected = json(join(TINY, "expected.json"));
const tinyInputs = ({ tokenizer }: PretrainedEncoder): InputTokens[] => {
  const pairs = createPairEncoder(tokenizer, { maxTokens: 64, contextShare: 0.5 });
  return expected.pairs.map(([mention, text, entity]: [string, string, string]) =>
    pairs.pair(pairs.context(mention, text), pairs.entity(entity)),
  );
};

describe("the text encoder matches transformers", () => {
  it("for a tiny random BERT within 1e-5, in any batch and with any padding", async () => {
    const encoder = await openPretrained(TINY);
    const inputs = tinyInputs(encoder);
    for (const [lengths, batchTokens] of [
      [[64], 4096],
      [[48, 56, 64], 4096],
      [[64], 1],
    ] as const) {
      const states = await hiddenStates(encoder, inputs, lengths, batchTokens);
      states.forEach((state, row) => {
        expect(furthest(state, expected.hidden[row])).toBeLessThan(1e-5);
      });
    }
  });

  it("if cut to its first layer", async () => {
    const encoder = await openPretrained(TINY, { layers: 1 });
    const states = await hiddenStates(encoder, tinyInputs(encoder), [64]);
    states.forEach((state, row) => {
      expect(furthest(state, expected.afterFirstLayer[row])).toBeLessThan(1e-5);
    });
    expect([...encoder.weights.keys()].some((name) => name.includes("layer.1"))).toBe(false);
  });

  it("with weights in shards, as F16, under the names of older files", async () => {
    const encoder = await openPretrained(TINY);
    const folder = mkdtempSync(join(tmpdir(), "mmel-encoder-"));
    for (const file of ["config.json", "tokenizer.json"]) copyFileSync(join(TINY, file), join(folder, file));
    const older = (name: string): string =>
      `bert.${name}`
        .replace("LayerNorm.weight", "LayerNorm.gamma")
        .replace("LayerNorm.bias", "LayerNorm.beta");
    const tensors = [...(await weightsOf(encoder))].map(([name, values]) => {
      const stored = name.slice(PREFIX.length);
      return { name: older(stored), shape: encoder.weights.get(stored)!.shape, values };
    });
    const head = { name: "cls.predictions.bias", shape: [2], values: Float32Array.of(1, 2) };
    const shards = { "a.safetensors": tensors.slice(0, 9), "b.safetensors": [...tensors.slice(9), head] };
    const weightMap: Record<string, string> = {};
    for (const [file, part] of Object.entries(shards)) {
      await writeTensors(join(folder, file), part, "F16");
      for (const { name } of part) weightMap[name] = file;
    }
    writeFileSync(join(folder, "model.safetensors.index.json"), JSON.stringify({ weight_map: weightMap }));
    const states = await hiddenStates(await openPretrained(folder), tinyInputs(encoder), [64]);
    states.forEach((state, row) => {
      expect(furthest(state, expected.hidden[row])).toBeLessThan(0.05); // eleven bits of precision
    });
  });

  const reference = json(join("test", "reference", "encoder-minilm.json")) as {
    id: string;
    tokens: number;
    hash: string;
    values: [number, number][];
  }[];
  const present = existsSync(MINILM) && existsSync(WIKIMEL);
  it.skipIf(!present)(
    "for all-MiniLM-L6-v2 and 50 real captions: the same ids, and hidden states within 2e-5 [needs ../shared/data]",
    async () => {
      const captions = json(join(WIKIMEL, "Wikidata-MEL.json"));
      const abstracts = json(join(WIKIMEL, "qid2abs.json"));
      const encoder = await openPretrained(MINILM);
      const pairs = createPairEncoder(encoder.tokenizer, { maxTokens: 256, contextShare: 0.5 });
      const inputs = reference.map(({ id }) => {
        const { sentence, mentions, answer } = captions[id];
        return pairs.pair(pairs.context(mentions[0], sentence), pairs.entity(abstracts[answer[0]]));
      });
      const hashes = inputs.map(({ ids }) =>
        createHash("sha256").update(ids.join(" ")).digest("hex").slice(0, 16),
      );
      expect(hashes).toEqual(reference.map(({ hash }) => hash));
      const states = await hiddenStates(encoder, inputs, [32, 48, 64, 96, 128, 256]);
      const differences = reference.flatMap(({ values }, row) =>
        values.map(([at, value]) => Math.abs(states[row]![at]! - value)),
      );
      expect(differences).toHaveLength(400);
      expect(Math.max(...differences)).toBeLessThan(2e-5);
    },
  );
});

describe("textEncoder", () => {
  it("uses Hugging Face's weight names, and freezes weights that are not trainable", async () => {
    const encoder = await openPretrained(TINY);
    const graph = createGraph({ training: true, trainable: (name) => name.includes("layer.2.") });
    const input = (name: string, dtype: "int64" | "bool") => graph.input(name, [2, 8], dtype);
    const inputs = {
      ids: input("ids", "int64"),
      segments: input("segments", "bool"),
      attention: input("on", "bool"),
    };
    const hidden = graph.scope("encoder", () => textEncoder(encoder.config, inputs));
    expect(hidden.shape).toEqual([2, 8, 24]);
    const names = graph.parameters.map(({ name }) => name.slice(PREFIX.length));
    expect(names.sort()).toEqual([...encoder.weights.keys()].sort());
    expect(graph.parameters.filter(({ requiresGrad }) => requiresGrad)).toHaveLength(16);
    expect(graph.masks).toHaveLength(1 + 3 * 3); // embeddings; attention weights and two residuals a layer
  });

  it("rejects inputs longer than its positions", async () => {
    const encoder = await openPretrained(TINY);
    expect(() => program(encoder, 1, 65)).toThrow(/at most 64/);
  });
});
