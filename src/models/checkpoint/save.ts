import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { MmelError } from "../../core/index.js";
import { type NamedTensor, writeTensors } from "../../formats/safetensors/index.js";
import { parametersOf } from "../mmel/weights.js";
import { modelCard } from "./card.js";
import type { CheckpointConfig } from "./config.js";
import { FILES } from "./files.js";
import { contentHash } from "./hash.js";

export interface CheckpointContent {
  readonly config: CheckpointConfig;
  /** The parsed `tokenizer.json`. */
  readonly tokenizer: object;
  /** Every weight of the model by its name. */
  readonly weights: ReadonlyMap<string, Float32Array>;
}

/**
 * Writes a checkpoint folder as a whole: beside its place first, then moved there, so that what is found under the name
 * is complete. Replaces an older checkpoint and nothing else. Resolves to the content hash. The same content gives the
 * same bytes. `FILE_UNWRITABLE`, `NOT_A_NUMBER`, `INTERNAL` when a weight is missing.
 */
export async function saveCheckpoint(
  folder: string,
  { config, tokenizer, weights }: CheckpointContent,
): Promise<string> {
  const tensors = tensorsOf(config, weights);
  await assertReplaceable(folder);
  await mkdir(dirname(folder), { recursive: true });
  const draft = join(dirname(folder), `.${basename(folder)}.${process.pid}.tmp`);
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft);
  try {
    await writeTensors(join(draft, FILES.weights), tensors, config.precision);
    const hash = await contentHash(config, tokenizer, join(draft, FILES.weights));
    await writeDurably(join(draft, FILES.config), `${JSON.stringify(config, null, 2)}\n`);
    await writeDurably(join(draft, FILES.tokenizer), `${JSON.stringify(tokenizer)}\n`);
    await writeDurably(join(draft, FILES.card), modelCard(config, hash));
    await moveInPlace(draft, folder);
    return hash;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function tensorsOf(config: CheckpointConfig, weights: ReadonlyMap<string, Float32Array>): NamedTensor[] {
  return parametersOf(config).map(({ name, shape }) => {
    const values = weights.get(name);
    const size = shape.reduce((product, dim) => product * dim, 1);
    if (values?.length === size) return { name, shape, values };
    const what = `${name} has ${values?.length ?? "no"} values`;
    throw new MmelError("INTERNAL", { what, expected: `${size} for [${shape.join(", ")}]` });
  });
}

async function assertReplaceable(folder: string): Promise<void> {
  const ours: readonly string[] = Object.values(FILES);
  const present = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    throw new MmelError("FILE_UNWRITABLE", { what: "the folder cannot be replaced", where: folder, cause });
  });
  const strange = present.find((name) => !ours.includes(name));
  if (strange !== undefined)
    throw new MmelError("FILE_UNWRITABLE", {
      what: `the folder holds ${strange}, which is not of a checkpoint`,
      where: folder,
      hint: "another folder",
    });
}

/** A folder cannot be renamed over another that holds files: the old one steps aside first, and back if need be. */
async function moveInPlace(draft: string, folder: string): Promise<void> {
  const aside = `${draft}.old`;
  const replaced = await rename(folder, aside).then(
    () => true,
    () => false,
  );
  try {
    await rename(draft, folder);
  } catch (cause) {
    if (replaced) await rename(aside, folder);
    throw new MmelError("FILE_UNWRITABLE", {
      what: "the checkpoint cannot be moved in place",
      where: folder,
      cause,
    });
  }
  await rm(aside, { recursive: true, force: true });
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, "w");
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
