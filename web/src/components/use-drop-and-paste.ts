import { useLayoutEffect, useState } from "preact/hooks";
import { type App, openFiles } from "../app/index.js";
import { addCatalogue } from "../catalogue/commands.js";
import { droppedFiles } from "../catalogue/dropped-files.js";
import { useApp } from "./context.js";

/**
 * Opens files that are dropped on the page or pasted into the page. Also opens text that is dropped or pasted outside
 * text fields. While the user drags files or text over the page, returns true if they can be opened.
 */
export function useDropAndPaste(): boolean {
  const app = useApp();
  const [isHovering, setHovering] = useState(false);
  useLayoutEffect(() => {
    const control = new AbortController();
    const on = <K extends keyof WindowEventMap>(
      name: K,
      listener: (event: WindowEventMap[K]) => void,
    ): void => addEventListener(name, listener, { signal: control.signal });
    let isOwnDrag = false; // text dragged from the page itself
    on("dragstart", () => {
      isOwnDrag = true;
    });
    on("dragend", () => {
      isOwnDrag = false;
    });
    on("dragover", (event) => {
      if (isOwnDrag || !canDrop(event)) return;
      event.preventDefault();
      setHovering(true);
    });
    on("dragleave", (event) => {
      if (event.relatedTarget === null) setHovering(false);
    });
    on("drop", (event) => {
      setHovering(false);
      if (!isOwnDrag && open(app, event.dataTransfer, event.target)) event.preventDefault();
    });
    on("paste", (event) => {
      if (open(app, event.clipboardData, event.target)) event.preventDefault();
    });
    return () => control.abort();
  }, [app]);
  return isHovering;
}

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("input, textarea") !== null;

function canDrop({ dataTransfer, target }: DragEvent): boolean {
  const types = dataTransfer?.types ?? [];
  return types.includes("Files") || (types.includes("text/plain") && !isField(target));
}

/**
 * Opens the dropped or pasted files and folders. If there are no files, opens the text, unless `target` is a text field. Returns
 * false if there is nothing to open.
 */
function open(app: App, data: DataTransfer | null, target: EventTarget | null): boolean {
  if (data !== null && data.files.length > 0) {
    const forCatalogue = target instanceof Element && target.closest("[data-drop=catalogue]") !== null;
    void droppedFiles(data).then((files) =>
      forCatalogue ? addCatalogue(app, files[0]) : openFiles(app, files),
    );
    return true;
  }
  const text = data?.getData("text/plain").trim() ?? "";
  if (text === "" || isField(target)) return false;
  app.draft.set({ ...app.draft.get(), text });
  if (app.work.get().items.length > 0) app.dialog.set("compose");
  return true;
}
