import type { JSX } from "preact";
import { useApp, useIsPaused, useStore, useWork } from "../components/context.js";
import type { Linking } from "../review/index.js";

/** Returns the number of captions that wait for links. */
export function unlinkedCount(linkings: ReadonlyMap<string, Linking>): number {
  let waiting = 0;
  for (const { status } of linkings.values()) if (status === "waiting" || status === "running") waiting++;
  return waiting;
}

/** Shows how many captions are linked, and lets the reviewer stop and continue linking. */
export function LinkingProgress(): JSX.Element {
  const app = useApp();
  const { items, linkings } = useWork();
  const isStopped = useStore(app.isStopped);
  const isPaused = useIsPaused();
  const waiting = unlinkedCount(linkings);
  const linked = items.length - waiting;
  return (
    <span class="linking">
      <progress aria-label="Captions linked" max={items.length} value={linked} />
      <span>
        {linked} of {items.length}{" "}
        <span class="only-wide">{items.length === 1 ? "caption" : "captions"} </span>
        linked
      </span>
      {!isPaused && (
        <button type="button" class="link" onClick={() => app.isStopped.set(!isStopped)}>
          {isStopped ? "Continue" : "Stop"}
          <span class="sr"> linking</span>
        </button>
      )}
    </span>
  );
}
