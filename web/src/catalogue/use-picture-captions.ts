import { useEffect, useState } from "preact/hooks";
import { useApp } from "../components/context.js";
import { captionIn, type FoundCaption } from "./picture-caption.js";
import type { PictureFile } from "./picture-files.js";

/** Number of pictures that are sent at the same time. */
const CONCURRENT = 2;

/** Asks the service for the captions in pictures. Returns those that were read so far. */
export function usePictureCaptions(pictures: readonly PictureFile[]): ReadonlyMap<PictureFile, FoundCaption> {
  const app = useApp();
  const [found, setFound] = useState<ReadonlyMap<PictureFile, FoundCaption>>(new Map());
  useEffect(() => {
    setFound(new Map());
    const control = new AbortController();
    const waiting = pictures.values();
    const work = async (): Promise<void> => {
      for (const picture of waiting) {
        const answer = await captionIn(app.desk.api, picture, control.signal);
        if (control.signal.aborted) return;
        setFound((before) => new Map(before).set(picture, answer));
      }
    };
    for (let at = 0; at < CONCURRENT; at++) void work();
    return () => control.abort();
  }, [pictures]);
  return found;
}
