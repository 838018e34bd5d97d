import type { JSX } from "preact";
import { useApp, useIsPaused, useStore, useWork } from "../components/context.js";
import { waitingCount } from "../review/index.js";

/** Shows how many captions are linked, and lets the reviewer stop and continue linking. */
export function LinkingProgress(): JSX.Element {
  const app = useApp();
  const work = useWork();
  const { items } = work;
  const isStopped = useStore(app.isStopped);
  const isPaused = useIsPaused();
  const linked = items.length - waitingCount(work);
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
