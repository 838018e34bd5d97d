import { useLayoutEffect, useState } from "preact/hooks";
import { type App, openFiles } from "../app/index.js";
import { useApp } from "./context.js";

/** Takes in what is dropped on the page or pasted into it, wherever no field does; true while something hovers over it. */
export function useIntake(): boolean {
  const app = useApp();
  const [isHovering, setHovering] = useState(false);
  useLayoutEffect(() => {
    const control = new AbortController();
    const on = <K extends keyof WindowEventMap>(
      name: K,
      listener: (event: WindowEventMap[K]) => void,
    ): void => addEventListener(name, listener, { signal: control.signal });
    let isOurs = false; // text dragged from the page itself
    on("dragstart", () => {
      isOurs = true;
    });
    on("dragend", () => {
      isOurs = false;
    });
    on("dragover", (event) => {
      if (isOurs || !holdsSomething(event)) return;
      event.preventDefault();
      setHovering(true);
    });
    on("dragleave", (event) => {
      if (event.relatedTarget === null) setHovering(false);
    });
    on("drop", (event) => {
      setHovering(false);
      if (!isOurs && take(app, event.dataTransfer, event.target)) event.preventDefault();
    });
    on("paste", (event) => {
      if (take(app, event.clipboardData, event.target)) event.preventDefault();
    });
    return () => control.abort();
  }, [app]);
  return isHovering;
}

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("input, textarea") !== null;

function holdsSomething({ dataTransfer, target }: DragEvent): boolean {
  const types = dataTransfer?.types ?? [];
  return types.includes("Files") || (types.includes("text/plain") && !isField(target));
}

/** Whether there was something to take: files anywhere, text where no field takes it. */
function take(app: App, data: DataTransfer | null, target: EventTarget | null): boolean {
  const files = [...(data?.files ?? [])];
  if (files.length > 0) {
    void openFiles(app, files);
    return true;
  }
  const text = data?.getData("text/plain").trim() ?? "";
  if (text === "" || isField(target)) return false;
  app.draft.set({ ...app.draft.get(), text });
  if (app.work.get().items.length > 0) app.dialog.set("compose");
  return true;
}
