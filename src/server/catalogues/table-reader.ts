import { MmelError } from "../../core/index.js";
import { openWorkerChannel, type WorkerChannel, workerUrl } from "../../core/worker-channel.js";
import type { PictureCaptionAnswer, TablePreview } from "../../formats/index.js";
import type { CaptionsRequest, PictureRequest, PreviewRequest, TableAnswer, TableRequest } from "./tables.js";

/** Reads uploaded tables and pictures in a thread, so that other requests do not wait for a large one. */
export interface TableReader extends AsyncDisposable {
  /** Reserves a place for a table until it is disposed. Throws `BUSY` if all places are taken. */
  admit(): Disposable;
  /** Returns a preview. Throws the errors of `previewTable`, and `TIMEOUT`. */
  preview(request: Omit<PreviewRequest, "kind">, signal: AbortSignal): Promise<TablePreview>;
  /** Writes the captions of a table to a file. Throws the errors of `readCaptions`, and `TIMEOUT`. */
  writeCaptions(request: Omit<CaptionsRequest, "kind">, signal: AbortSignal): Promise<void>;
  /** Returns the caption in the metadata of a picture. Throws `TIMEOUT`. */
  pictureCaption(request: Omit<PictureRequest, "kind">, signal: AbortSignal): Promise<PictureCaptionAnswer>;
}

/** Maximum number of tables that are received or read at the same time, which limits the disk space that they take. */
const PLACES = 4;
/** Maximum memory of a thread that reads a table, in MiB. */
export const TABLE_MEMORY = 1024;

/** Creates a reader. A table that takes longer than `seconds` is given up. */
export function createTableReader(seconds: number): TableReader {
  let channel: WorkerChannel<TableRequest, TableAnswer> | undefined;
  let taken = 0;
  const ask = async (request: TableRequest, signal: AbortSignal): Promise<TableAnswer> => {
    channel ??= openWorkerChannel<TableRequest, TableAnswer>(workerUrl(import.meta.url, "worker.js"), {
      name: "table reader",
      code: "INTERNAL",
      seconds,
      resourceLimits: { maxOldGenerationSizeMb: TABLE_MEMORY },
    });
    return await channel.ask(request, { signal });
  };
  return {
    admit() {
      if (taken >= PLACES)
        throw new MmelError("BUSY", { what: `${taken} tables are already being read`, hint: "Retry later." });
      taken += 1;
      let isTaken = true;
      return {
        [Symbol.dispose]: () => {
          if (isTaken) taken -= 1;
          isTaken = false;
        },
      };
    },
    preview: async (request, signal) => (await ask({ kind: "preview", ...request }, signal)) as TablePreview,
    async writeCaptions(request, signal) {
      await ask({ kind: "captions", ...request }, signal);
    },
    pictureCaption: async (request, signal) =>
      (await ask({ kind: "picture", ...request }, signal)) as PictureCaptionAnswer,
    async [Symbol.asyncDispose]() {
      await channel?.close();
    },
  };
}
