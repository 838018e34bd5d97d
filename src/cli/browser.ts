import { type Context, note } from "./context.js";

/** Opens a page in the user's browser. If no browser can be opened, tells the user its address. */
export async function openBrowser(context: Context, url: string): Promise<void> {
  const failed = (): void => note(context, `no browser could be opened; open ${url} yourself`);
  try {
    const { default: open } = await import("open");
    const launcher = await open(url);
    launcher.once("exit", (code) => {
      if (code) failed();
    });
  } catch {
    failed();
  }
}
