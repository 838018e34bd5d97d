import { readCaption } from "../files/index.js";
import type { Item } from "../review/index.js";
import type { CatalogueApi } from "./client.js";
import { messageOf } from "./importing.js";
import type { PictureFile } from "./picture-files.js";

/** What the service found in a picture. */
export interface FoundCaption {
  /** Absent if the picture has no caption. */
  readonly caption?: Item;
  /** Why it has none, and which sidecars could not be read. */
  readonly problems: readonly string[];
}

/** Asks the service for the caption in a picture. If that fails, the picture has no caption. */
export async function captionIn(
  api: Pick<CatalogueApi, "pictureCaption">,
  picture: PictureFile,
  signal?: AbortSignal,
): Promise<FoundCaption> {
  try {
    const { caption, problems } = await api.pictureCaption(picture, signal);
    return { ...(caption !== undefined && { caption: readCaption(caption) }), problems };
  } catch (error) {
    return { problems: [messageOf(error)] };
  }
}
