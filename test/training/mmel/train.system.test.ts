import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { captionToWire } from "../../../src/formats/convert.js";
import { createLinker } from "../../../src/linker/index.js";
import { openCheckpoint, readWeights } from "../../../src/models/checkpoint/index.js";
import { type ImageLikeness, saveImageLikeness } from "../../../src/models/image-likeness/index.js";
import { loadModel, loadUncalibrated } from "../../../src/models/registry.js";
import { type TrainingConfig, type TrainOptions, train } from "../../../src/training/mmel/index.js";
import { startingPoint } from "../../../src/training/mmel/start.js";
import { readState } from "../../../src/training/mmel/state.js";
import { writeRecords } from "../../cli/harness.js";
import { folderOf, png, tinyEncoder } from "../../pictures/folder.js";
import { demoCaptions, importDemo, scratch, tiny } from "./workshop.js";

const path = scratch();
const kb = path("kb");
const whole = path("whole");
/** The id of no process: Linux gives none above 4,194,304. */
const NOBODY = 4_194_305;

let config: TrainingConfig;
let steps: number;

beforeAll(async () => {
  await importDemo(kb);
  config = tiny(kb, {
    averageDecay: 0.9,
    negatives: { kind: "candidates", count: 5, pool: 30, top: 2, refreshes: 1, scored: 6 },
  });
  ({ steps } = await train(config, { output: whole }));
});

/** Reads the bytes of weights, moments and best checkpoint. */
async function ending(output: string): Promise<Buffer[]> {
  return Promise.all(
    [`state/step-${steps}.safetensors`, "model/model.safetensors", "model/config.json"].map((file) =>
      readFile(`${output}/${file}`),
    ),
  );
}

/** Trains up to a step and then aborts. */
async function interrupted(output: string, step: number, options: Partial<TrainOptions> = {}) {
  const controller = new AbortController();
  const stopped = train(config, {
    output,
    ...options,
    signal: controller.signal,
    onProgress: (progress) => progress.step === step && controller.abort(),
  });
  await expect(stopped).rejects.toMatchObject({ code: "ABORTED" });
}
const standing = async (output: string) =>
  JSON.parse(await readFile(`${output}/state/standing.json`, "utf8"));
const measurements = async (output: string) =>
  (await readFile(`${output}/metrics.jsonl`, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("train", () => {
  it("writes the best model, the state, the record and its page", async () => {
    expect((await readdir(whole)).filter((name) => !name.startsWith("events."))).toEqual([
      "config.json",
      "metrics.jsonl",
      "model",
      "report.html",
      "state",
    ]);
    const top1 = (await measurements(whole)).flatMap(({ step, values }) => ("top1" in values ? [step] : []));
    expect(top1).toEqual([4, 8, steps]);
    expect(await readFile(`${whole}/report.html`, "utf8")).toMatch(/Training of tiny.*<svg/s);
    expect(await readdir(`${whole}/state`)).toEqual([
      "negatives-1.json",
      "standing.json",
      `step-${steps}.safetensors`,
    ]);
  });

  it("writes a model that opens on top of the lexical ranker and links captions", async () => {
    await using model = await loadModel(`${whole}/model`);
    const { model: lexical } = await loadUncalibrated("lexical");
    const { config: saved } = await openCheckpoint(`${whole}/model`);
    expect(saved.firstStage).toEqual({ name: "lexical", hash: lexical.hash });
    expect(saved.selection).toEqual({ most: 4, least: 1, doubt: 0.001 });
    expect(model.calibration).toEqual(lexical.calibration);
    await using linker = await createLinker({ kb, model });
    const links = await linker.link((await demoCaptions())[0]!);
    expect(links.mentions[0]!.candidates.filter(({ match }) => match !== null).length).toBeLessThanOrEqual(5);
    expect(links.mentions.every(({ outcome }) => outcome !== undefined)).toBe(true);
  });

  it("chooses the checkpoint by the measure of the configuration, and keeps its ranking", async () => {
    const output = path("measure");
    const paper = { loss: "paper", lexicalPrior: false, variant: "MMEL-onlytext", d: 16, heads: 2 };
    const { best } = await train(
      tiny(kb, {
        head: paper,
        lossWeights: { matching: 2, pair: 0.5 },
        ranking: { select: "similarity" },
        evaluation: { every: 4, sample: 5, candidates: 6, measure: "top5", collaborative: true },
      }),
      { output },
    );
    const evaluations = (await measurements(output)).filter(({ values }) => "top5" in values);
    const highest = Math.max(...evaluations.map(({ values }) => values.top5));
    const first = evaluations.find(({ values }) => values.top5 === highest);
    expect(best).toEqual({ step: first.step, ...first.values });
    const { config: saved } = await openCheckpoint(`${output}/model`);
    expect(saved.ranking).toEqual({ select: "similarity" });
    await using model = await loadModel(`${output}/model`);
    expect(model.ranking).toEqual({ select: "similarity" });
  });

  it("writes a model that does not open on top of another ranker", async () => {
    const folder = path("foreign");
    await cp(`${whole}/model`, folder, { recursive: true });
    const saved = JSON.parse(await readFile(`${folder}/config.json`, "utf8"));
    for (const firstStage of [{ name: "lexical", hash: "0123" }, undefined]) {
      await writeFile(`${folder}/config.json`, JSON.stringify({ ...saved, firstStage }));
      await expect(loadModel(folder)).rejects.toMatchObject({
        code: "MODEL_DAMAGED",
        message: expect.stringMatching(/trained on top of (lexical@0123|an unknown model)/),
      });
    }
  });

  it("ends with the same bits if it is interrupted anywhere and resumed", async () => {
    const output = path("interrupted");
    await interrupted(output, 3);
    expect(await standing(output)).toMatchObject({ step: 3, evaluated: 0 });
    await interrupted(output, 4, { resume: true }); // before the evaluation that is due
    expect(await standing(output)).toMatchObject({ step: 4, evaluated: 0 });
    await interrupted(output, 7, { resume: true });
    const result = await train(config, { output, resume: true });
    expect(await ending(output)).toEqual(await ending(whole));
    const recorded = async (run: string) =>
      (await measurements(run)).map(({ step, values }) => ({ step, values }));
    expect(await recorded(output)).toEqual(await recorded(whole));
    expect(await train(config, { output, resume: true })).toMatchObject({ steps, best: result.best });
  });

  it("saves the averages of the weights as the model", async () => {
    const output = path("averaged");
    await train(tiny(kb, { averageDecay: 0.9, epochs: 0.3 }), { output });
    const saved = await readWeights((await openCheckpoint(`${output}/model`)).weights);
    const { state } = (await readState(`${output}/state`, (await standing(output)).config))!;
    expect(state.averages.size).toBeGreaterThan(0);
    for (const [name, values] of state.averages) expect(saved.get(name)).toEqual(values);
    expect(state.averages).not.toEqual(state.weights);
  });

  it("restores the old checkpoint if it was killed while replacing it", async () => {
    const output = path("replacing");
    await cp(whole, output, { recursive: true });
    await rename(`${output}/model`, `${output}/.model.${NOBODY}.tmp.old`);
    await mkdir(`${output}/.model.${NOBODY}.tmp`);
    await train(config, { output, resume: true });
    expect(await ending(output)).toEqual(await ending(whole));
    expect((await readdir(output)).filter((name) => name.startsWith(".model"))).toEqual([]);
  });

  it("rejects a folder with another training, and other settings or data when resuming", async () => {
    await expect(train(config, { output: whole })).rejects.toMatchObject({ code: "RESUME" });
    for (const other of [{ seed: 2 }, { learningRate: 1 }, { sample: 10 }])
      await expect(train(tiny(kb, other), { output: whole, resume: true })).rejects.toMatchObject({
        code: "RESUME",
        message: expect.stringContaining("a different configuration"),
      });
  });

  it("stops if the loss explodes, and keeps the last good checkpoint and state", async () => {
    const output = path("exploded");
    const wild = tiny(kb, { learningRate: 1e30, evaluation: { every: 1, sample: 5, candidates: 4 } });
    await expect(train(wild, { output })).rejects.toMatchObject({ code: "NOT_A_NUMBER" });
    expect(await standing(output)).toMatchObject({ step: 1, best: { step: 1 } }); // the warm-up starts at 0
    await using model = await loadModel(`${output}/model`);
    await using linker = await createLinker({ kb, model });
    expect((await linker.link((await demoCaptions())[0]!)).mentions.length).toBeGreaterThan(0);
  });

  it("reports that it cannot write", async () => {
    const output = path("blocked");
    await mkdir(output);
    await mkdir(`${output}/report.html`);
    await expect(train(config, { output })).rejects.toMatchObject({ code: "FILE_IS_DIRECTORY" });
  });

  it("reduces the loss on a few captions", async () => {
    const output = path("learnt");
    await train(
      tiny(kb, {
        sample: 6,
        batch: 6,
        epochs: 60,
        dropout: 0,
        encoderDropout: 0,
        learningRate: 5e-3,
        clip: 1,
        twice: false,
        evaluation: { every: 60, sample: 2, candidates: 4 },
      }),
      { output },
    );
    const losses = (await measurements(output)).flatMap(({ values }) => values.loss ?? []);
    expect(losses).toHaveLength(3);
    expect(losses[2]).toBeLessThan(losses[0] / 2);
  });

  it("stops when the dev score no longer improves", async () => {
    const evaluation = { every: 1, sample: 2, candidates: 4, patience: 2 };
    const still = tiny(kb, { learningRate: 1e-12, evaluation });
    const result = await train(still, { output: path("still") });
    expect(result).toMatchObject({ steps: 3, best: { step: 1 } });
  });

  it("continues from the model `init`, and records it", async () => {
    const init = `${whole}/model`;
    const { config: saved, hash, weights } = await openCheckpoint(init);
    const start = await startingPoint(tiny(kb, { init }));
    expect(start.weights).toEqual(await readWeights(weights));
    const output = path("continued");
    await train(tiny(kb, { init, encoder: undefined, name: "next", epochs: 0.3 }), { output });
    expect((await openCheckpoint(`${output}/model`)).config).toMatchObject({
      name: "next",
      training: { from: `${saved.name}@${hash}` },
    });
    await expect(startingPoint(tiny(kb, { init, head: { d: 32, heads: 2 } }))).rejects.toMatchObject({
      code: "CONFIG",
      message: expect.stringContaining("MMEL-onlytext of width 16"),
    });
  });

  it("rejects data that cannot be trained on before it starts", async () => {
    const empty = path("empty.jsonl");
    await writeFile(empty, `${JSON.stringify({ id: "1", text: "x", mentions: [{ text: "x" }] })}\n`);
    const expectRejected = async (over: object) => {
      await expect(train(tiny(kb, over), { output: path("refused") })).rejects.toMatchObject({
        code: "CONFIG",
      });
      expect(existsSync(path("refused"))).toBe(false);
    };
    await expectRejected({ train: [empty] });
    await expectRejected({ dev: empty });
    await expectRejected({ maxTokens: 65 }); // the encoder has 64 positions
  });
});

describe("train with images", () => {
  it("trains, evaluates and resumes with images, and records their encoder", async () => {
    const images = await folderOf({ "a.png": await png(30, 30), "b.png": await png(60, 20), "bad.png": "" });
    const encoder = await tinyEncoder();
    const pictured = (await demoCaptions()).map((caption, at) => ({
      ...captionToWire(caption),
      image: ["a.png", "b.png", "bad.png"][at % 3],
    }));
    const captions = await writeRecords(path("pictured.jsonl"), pictured);
    const paper = { preset: "paper", train: [captions], dev: captions, epochs: 0.2 };
    const eyes = { images, features: path("features"), imageEncoder: encoder.folder };
    const seeing = tiny(kb, { ...paper, head: { ...tiny(kb).head, ...HEAD }, ...eyes });
    const reported: string[] = [];
    const onBadPicture = ({ message }: Error): number => reported.push(message);
    const output = path("seeing");
    const { steps } = await train(seeing, { output, onBadPicture });
    const [bad, ...others] = reported.filter((message) => !message.includes('"entities/')); // the demo's are in another folder
    expect(bad).toContain('"bad.png"');
    expect(others).toEqual([]);
    expect(new Set(reported).size).toBe(reported.length);
    const { config, weights } = await openCheckpoint(`${output}/model`);
    expect(config.imageEncoder).toEqual({ id: "clip", hash: encoder.hash });
    expect(config.head).toMatchObject({ variant: "MMEL", imageWidth: 16 });
    expect(JSON.stringify(config.training)).not.toContain(images);
    const { images: _, features: __, ...rest } = seeing;
    const blind = path("blind");
    await train(rest, { output: blind });
    expect((await openCheckpoint(`${blind}/model`)).config.imageEncoder).toBeUndefined();
    const [seen, unseen] = [
      await readWeights(weights),
      await readWeights((await openCheckpoint(`${blind}/model`)).weights),
    ];
    expect(seen.get("encoder.embeddings.LayerNorm.weight")).not.toEqual(
      unseen.get("encoder.embeddings.LayerNorm.weight"),
    );
    await expect(train(rest, { output, resume: true })).rejects.toMatchObject({ code: "RESUME" });
    expect((await train(seeing, { output, resume: true })).steps).toBe(steps);
    const other = { ...seeing, init: `${output}/model`, imageEncoder: (await tinyEncoder("dinov2")).folder };
    await expect(train(other, { output: path("other") })).rejects.toMatchObject({ code: "CONFIG" });
  });
});

describe("train with an image scorer", () => {
  it("adds the image scorer to the prior unless images are dropped, and copies it to the model", async () => {
    const images = await folderOf({ "a.png": await png(30, 30), "b.png": await png(60, 20) });
    const encoder = await tinyEncoder();
    const captions = await writeRecords(
      path("sighted.jsonl"),
      (await demoCaptions()).map((caption, at) => ({
        ...captionToWire(caption),
        image: ["a.png", "b.png"][at % 2],
      })),
    );
    const sight = path("sight");
    await mkdir(sight, { recursive: true });
    await saveImageLikeness(sight, sightOf({ id: "clip", hash: encoder.hash }, 16));
    const eyes = { images, features: path("features"), imageEncoder: encoder.folder, sight };
    const weightsOf = async (name: string, more: object) => {
      const config = tiny(kb, { train: [captions], dev: captions, epochs: 0.2, ...eyes, ...more });
      await train(config, { output: path(name), onBadPicture: () => {} });
      return readWeights((await openCheckpoint(join(path(name), "model"))).weights);
    };
    const [seeing, again, dropped] = [
      await weightsOf("sighted", {}),
      await weightsOf("sighted-again", {}),
      await weightsOf("dropped", { imageDropout: 1 }),
    ];
    expect(again).toEqual(seeing);
    expect(dropped).not.toEqual(seeing);
    expect(await readFile(join(path("sighted"), "model", "sight.json"))).toEqual(
      await readFile(join(sight, "sight.json")),
    );
  });
});

/** An image scorer without any evidence from entity images: only the presence of a caption's image matters. */
function sightOf(encoder: { id: string; hash: string }, width: number): ImageLikeness {
  return {
    config: {
      format: "mmel-sight-1",
      encoder,
      views: 1,
      width,
      scale: 1,
      text: 0.3,
      missing: 0,
      bias: [
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ],
    },
    mean: new Float32Array(width),
    whitening: Float32Array.from({ length: width * width }, (_, at) => Number(at % (width + 1) === 0)),
  };
}

/** A network without a first stage. */
const HEAD = { variant: "MMEL", loss: "paper", lexicalPrior: false };
