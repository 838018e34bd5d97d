import { MmelError } from "../../core/index.js";

/** Work that writes below `where`; what the file system refuses becomes `FILE_UNWRITABLE`. */
export async function writing<T>(where: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof MmelError || (cause as NodeJS.ErrnoException).code === undefined) throw cause;
    throw new MmelError("FILE_UNWRITABLE", {
      what: `the training cannot be written down (${(cause as Error).message})`,
      where,
      hint: "more room on the disk, then --resume",
      cause,
    });
  }
}
