import { copyFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import {
  createPairEncoder,
  type InputTokens,
  maxPositions,
  openPretrained,
  type PretrainedEncoder,
  parseEncoderConfig,
  textEncoder,
} from "../../src/encoders/index.js";
import { createLinker } from "../../src/linker/index.js";
import { openCheckpoint } from "../../src/models/checkpoint/index.js";
import { createGraph } from "../../src/tensor/onnx/index.js";
import { train } from "../../src/training/mmel/index.js";
import { demoCaptions, importDemo, scratch, tiny } from "../training/mmel/workshop.js";
import { furthest, hiddenStates, PREFIX, program } from "./hidden-states.js";
import { contextSentence, entitySentence } from "./template.js";

/** Tiny random encoders with the outputs of transformers, from `test/reference/encoders.py`. */
const NAMES = ["roberta", "xlm-roberta", "distilbert"] as const;
const folderOf = (name: string): string => join("test", "reference", `encoder-${name}`);
const json = (file: string) => JSON.parse(readFileSync(file, "utf8"));

/** The special tokens of a pair: before, between, after. */
const FRAMES = {
  roberta: [[0], [2, 2], [2]],
  "xlm-roberta": [[0], [2, 2], [2]],
  distilbert: [[2], [3], [3]],
} as const;

const path = scratch();
beforeAll(() => importDemo(path("kb")));

describe.each(NAMES)("a text encoder of the architecture %s", (name) => {
  const folder = folderOf(name);
  const expected = json(join(folder, "expected.json"));
  const inputsOf = ({ tokenizer }: PretrainedEncoder): InputTokens[] => {
    const pairs = createPairEncoder(tokenizer, { maxTokens: 96, contextShare: 0.5 });
    return expected.pairs.map(([mention, text, entity]: [string, string, string]) =>
      pairs.pair(pairs.context(mention, text), pairs.entity(entity)),
    );
  };

  it("tokenises like transformers, with its special tokens", async () => {
    const { tokenizer } = await openPretrained(folder);
    const { before, between, after } = tokenizer.pair;
    expect([before, between, after]).toEqual(FRAMES[name]);
    const inputs = inputsOf(await openPretrained(folder));
    expect(inputs.map(({ ids }) => [...ids])).toEqual(expected.ids);
    const segments = inputs.map(({ ids, secondFrom }) => secondFrom < ids.length);
    expect(segments).toEqual(inputs.map(() => name === "distilbert")); // its tokenizer is BERT's, but the model ignores segments
  });

  it("matches the hidden states of transformers within 1e-5, in any batch and with any padding", async () => {
    const encoder = await openPretrained(folder);
    for (const [lengths, batchTokens] of [
      [[96], 4096],
      [[24, 48, 80], 4096],
      [[80], 1],
    ] as const) {
      const states = await hiddenStates(encoder, inputsOf(encoder), lengths, batchTokens);
      states.forEach((state, row) => {
        expect(furthest(state, expected.hidden[row])).toBeLessThan(1e-5);
      });
    }
  });

  it("tokenises the parts of the template like the whole text", async () => {
    const { tokenizer } = await openPretrained(folder);
    const encoder = createPairEncoder(tokenizer, { maxTokens: 4096, contextShare: 0.5 });
    const { before, between, after } = tokenizer.pair;
    const word = fc.constantFrom(
      "Ann",
      "Ελένη",
      "أحمد",
      "Иван",
      "Lee.",
      "1900",
      "Rome,",
      "O'Brien",
      "?!",
      "Jr.",
      "é",
    );
    const text = fc.array(word, { maxLength: 6 }).map((words) => words.join(" "));
    fc.assert(
      fc.property(text, text, text, (mention, context, entity) => {
        const { ids } = encoder.pair(encoder.context(mention, context), encoder.entity(entity));
        const [first, second] = [contextSentence(mention, context), entitySentence(entity)].map(
          tokenizer.encode,
        );
        expect([...ids]).toEqual([...before, ...first!, ...between, ...second!, ...after]);
      }),
    );
  });

  it("truncates to the maximum length and keeps tokens of both sides", async () => {
    const { tokenizer } = await openPretrained(folder);
    const text = "Ann and Bob Lee in Rome, ".repeat(40);
    for (const maxTokens of [32, 40, 96]) {
      const pairs = createPairEncoder(tokenizer, { maxTokens, contextShare: 0.5 });
      const context = pairs.context("Bob Lee", text, { start: 508, end: 515 });
      const { ids, context: own, entity } = pairs.pair(context, pairs.entity(text));
      expect(ids.length).toBeLessThanOrEqual(maxTokens);
      expect(Math.min(own.end - own.start, entity.end - entity.start)).toBeGreaterThan(8);
    }
  });

  it("uses Hugging Face's weight names and ignores task heads", async () => {
    const encoder = await openPretrained(folder);
    const graph = createGraph({ training: true, trainable: () => true });
    const inputs = {
      ids: graph.input("ids", [2, 8], "int64"),
      segments: graph.input("segments", [2, 8], "bool"),
      attention: graph.input("on", [2, 8], "bool"),
    };
    graph.scope("encoder", () => textEncoder(encoder.config, inputs));
    const names = graph.parameters.map(({ name: own }) => own.slice(PREFIX.length));
    expect(names.sort()).toEqual([...encoder.weights.keys()].sort());
    const cut = await openPretrained(folder, { layers: 1 });
    expect([...cut.weights.keys()].some((own) => own.includes("layer.1."))).toBe(false);
  });

  it("rejects inputs longer than its positions", async () => {
    const encoder = await openPretrained(folder);
    expect(maxPositions(encoder.config)).toBe(96);
    expect(() => program(encoder, 1, 97)).toThrow(/at most 96/);
  });

  it("parses the configuration that a checkpoint stores", async () => {
    const { config } = await openPretrained(folder);
    expect(parseEncoderConfig(JSON.parse(JSON.stringify(config)), "here")).toEqual(config);
  });

  it("is trained, saved, opened and links captions", async () => {
    const output = path(name);
    const config = tiny(path("kb"), { encoder: resolve(folder), maxTokens: 96, sample: 9 });
    const { steps } = await train(config, { output });
    expect(steps).toBe(3);
    const { config: kept, tokenizer, weights } = await openCheckpoint(join(output, "model"));
    expect(kept.encoder.model_type).toBe(name);
    expect(tokenizer.pair.between).toEqual(FRAMES[name][1]);
    const original = await openPretrained(folder, { layers: 1 });
    expect([...weights.keys()].filter((own) => own.startsWith(PREFIX)).sort()).toEqual(
      [...original.weights.keys()].map((own) => PREFIX + own).sort(),
    );
    await using linker = await createLinker({ kb: path("kb"), model: join(output, "model"), candidates: 5 });
    const captions = (await demoCaptions()).slice(0, 2);
    for (const caption of captions) {
      const { mentions } = await linker.link(caption);
      expect(mentions).toHaveLength(caption.mentions.length);
      const matches = mentions.flatMap(({ candidates }) => candidates.map(({ match }) => match ?? 0.5));
      expect(matches.every((match) => match > 0 && match < 1)).toBe(true);
    }
  });
});

describe("openPretrained with a changed config.json", () => {
  const changed = (name: string, change: (config: Record<string, unknown>) => object): string => {
    const copy = mkdtempSync(join(tmpdir(), "mmel-architecture-"));
    for (const file of readdirSync(folderOf(name)))
      copyFileSync(join(folderOf(name), file), join(copy, file));
    writeFileSync(join(copy, "config.json"), JSON.stringify(change(json(join(copy, "config.json")))));
    return copy;
  };

  it.each<[string, string, (config: Record<string, unknown>) => object, string, RegExp]>([
    [
      "no positions left",
      "roberta",
      (config) => ({ ...config, max_position_embeddings: 2 }),
      "MODEL_UNSUPPORTED",
      /leaves no positions/,
    ],
    [
      "heads that do not divide the width",
      "distilbert",
      (config) => ({ ...config, n_heads: 3 }),
      "MODEL_UNSUPPORTED",
      /does not divide/,
    ],
    [
      "another activation",
      "distilbert",
      (config) => ({ ...config, activation: "relu" }),
      "MODEL_UNSUPPORTED",
      /hidden_act/,
    ],
    [
      "BERT's weights missing",
      "distilbert",
      (config) => ({
        ...config,
        model_type: "bert",
        type_vocab_size: 2,
        hidden_size: 16,
        num_hidden_layers: 2,
        num_attention_heads: 2,
        intermediate_size: 24,
      }),
      "MODEL_DAMAGED",
      /unexpected transformer\.layer\.0\..*; and \d+ other problems/,
    ],
  ])("rejects %s", async (_, name, change, code, message) => {
    const error = await openPretrained(changed(name, change)).catch((error) => error);
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
  });
});
