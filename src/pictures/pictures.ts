import { homedir } from "node:os";
import { join } from "node:path";
import { type Caption, MmelError } from "../core/index.js";
import { findImageEncoder, type ImageEncoderFiles, isBundledEncoder } from "../encoders/image/index.js";
import { type fileBelow, folderOf } from "./safe-path.js";
import { type Features, openFeatures } from "./features.js";
import { createRecent } from "./recent.js";
import { createImageSource, type ImageSource, isBadPicture } from "./source.js";

/** Which vectors a model was trained with. */
export interface ImageNeed {
  readonly encoder: { readonly id: string; readonly hash: string };
  /** Vectors a picture. */
  readonly views: number;
}

/** Opens the vectors that a model needs; whoever gave it closes them. `CONFIG` when its encoder is not here. */
export type OpenImages = (need: ImageNeed) => Promise<ImageSource>;

export interface PicturesOptions {
  /** The folder below which pictures lie; nothing outside it is read. */
  readonly images: string;
  /** The folder that keeps vectors for the next time; default: `.cache/mmel/features` in the home folder. */
  readonly features?: string | undefined;
  /** Where the model's image encoder is: a folder or a hub name; default: the bundled one that the model names. */
  readonly encoder?: string | undefined;
  /**
   * Told of each caption's bad picture, and once of each bad picture of an entity; they count as missing. What it throws
   * ends the work.
   */
  readonly onBad?: ((error: MmelError, caption?: Caption) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How a path becomes a file, for who keeps pictures elsewhere too; default: `fileBelow` the folder. */
  readonly locate?: typeof fileBelow | undefined;
}

/** The pictures of captions and entities, for whatever model turns out to look at them. */
export interface Pictures extends AsyncDisposable {
  /** For the loader of a model. */
  readonly open: OpenImages;
  /** d_v of the vectors that a model needs. */
  width(need: ImageNeed): Promise<number>;
  /** Whether a model looks at them. */
  readonly used: () => boolean;
  /** Has the vectors of some captions ready before a model asks for them. */
  look(captions: readonly Caption[]): Promise<void>;
}

/** `FILE_NOT_FOUND`: no such folder. Nothing is decoded or stored before a model asks. */
export async function openPictures(options: PicturesOptions): Promise<Pictures> {
  const { features: store = join(homedir(), ".cache", "mmel", "features"), onBad, signal, locate } = options;
  const images = await folderOf(options.images);
  const opened = new Map<string, Promise<{ features: Features; source: ImageSource }>>();
  /** Bad pictures of captions, which `look` has told of. */
  const told = createRecent<true>(1 << 16);

  const start = async ({ encoder: wanted, views }: ImageNeed) => {
    const encoder = await encoderOf(wanted, options.encoder);
    const features = await openFeatures({
      images,
      store,
      encoder,
      views,
      ...(signal && { signal }),
      ...(locate && { locate }),
    });
    const source = createImageSource(features, (path, error) => {
      if (!told.get(path)) onBad?.(error);
    });
    return { features, source };
  };
  const lookAt = async (caption: Caption, { features }: { features: Features }): Promise<void> => {
    try {
      await features.vectors(caption.image!);
    } catch (error) {
      if (!isBadPicture(error)) throw error;
      told.set(caption.image!, true);
      onBad?.(ofCaption(error, caption), caption);
    }
  };
  const openedFor = (need: ImageNeed): ReturnType<typeof start> => {
    const key = `${need.encoder.hash}/${need.views}`;
    const opening = opened.get(key) ?? start(need);
    opened.set(key, opening);
    return opening;
  };
  return {
    open: async (need) => (await openedFor(need)).source,
    width: async (need) => (await openedFor(need)).features.width(),
    used: () => opened.size > 0,
    async look(captions) {
      const [first] = opened.values();
      if (first === undefined) return;
      const looking = await first;
      const pictured = captions.filter(({ image }) => image !== undefined);
      await Promise.all(pictured.map((caption) => lookAt(caption, looking)));
    },
    async [Symbol.asyncDispose]() {
      for (const opening of opened.values())
        await (await opening.catch(() => undefined))?.features[Symbol.asyncDispose]();
    },
  };
}

/** The encoder that a model's vectors must come from. A model's word alone makes nothing be fetched. */
async function encoderOf(
  wanted: ImageNeed["encoder"],
  given: string | undefined,
): Promise<ImageEncoderFiles> {
  if (given === undefined && !isBundledEncoder(wanted.id))
    throw new MmelError("CONFIG", {
      what: `the model looks at pictures with the image encoder ${JSON.stringify(wanted.id)}, which did not come with this installation`,
      hint: "--image-encoder FOLDER, or its hub name (in code: openPictures({ images, encoder }))",
    });
  const found = await findImageEncoder(given ?? wanted.id);
  if (found.hash === wanted.hash) return found;
  throw new MmelError("CONFIG", {
    what: `the image encoder ${found.id}@${found.hash.slice(0, 16)} is not the one that the model was trained with`,
    where: found.folder,
    expected: `${wanted.id}@${wanted.hash.slice(0, 16)}`,
  });
}

function ofCaption({ code, detail }: MmelError, { id }: Caption): MmelError {
  const where = [detail.where, `caption ${id}`].filter((part) => part !== undefined).join(", ");
  return new MmelError(code, { ...detail, where });
}
