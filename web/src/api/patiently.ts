import { ApiError } from "./error.js";

/** Repeats a request while the server is busy. */
export async function patiently<T>(request: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof ApiError) || error.fault !== "busy") throw error;
      await sleep(1000 * (error.retryAfter ?? 1));
    }
  }
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
