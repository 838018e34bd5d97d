import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { undo } from "../app/index.js";
import { useApp, useStore } from "./context.js";
import { CloseIcon } from "./icons.js";

/** Shows problems with the server or with saving, and what the reviewer can do. */
export function Banners(): JSX.Element {
  return (
    <div class="banners" role="status">
      <ServerBanner />
      <SavingBanner />
    </div>
  );
}

function ServerBanner(): JSX.Element | null {
  const app = useApp();
  const server = useStore(app.server);
  const seconds = useSecondsUntil("until" in server ? server.until : 0);
  switch (server.kind) {
    case "away":
      return (
        <p class="banner problem">
          <span>
            The server cannot be reached. Your work is safe, and linked captions can be reviewed. Retrying{" "}
            <InSeconds seconds={seconds} />.
          </span>
          <button type="button" class="secondary" onClick={app.retry}>
            Retry now
          </button>
        </p>
      );
    case "busy":
      return (
        <p class="banner">
          <span>
            The server is busy. Retrying <InSeconds seconds={seconds} />.
          </span>
        </p>
      );
    case "refused":
      return (
        <p class="banner problem">
          <span>The server refused access: {server.message}.</span>
          <button type="button" class="secondary" onClick={() => app.dialog.set("settings")}>
            Enter a token
          </button>
        </p>
      );
    default:
      return null;
  }
}

/** Shows a countdown. Screen readers announce only "soon", not every second. */
const InSeconds = ({ seconds }: { readonly seconds: number }): JSX.Element => (
  <>
    <span class="sr">soon</span>
    <span aria-hidden="true">in {seconds} s</span>
  </>
);

function useSecondsUntil(time: number): number {
  const remaining = (): number => Math.max(0, Math.ceil((time - Date.now()) / 1000));
  const [seconds, setSeconds] = useState(remaining);
  useEffect(() => {
    setSeconds(remaining());
    if (time <= Date.now()) return;
    const timer = setInterval(() => setSeconds(remaining()), 500);
    return () => clearInterval(timer);
  }, [time]);
  return seconds;
}

function SavingBanner(): JSX.Element | null {
  const app = useApp();
  const saving = useStore(app.saving);
  switch (saving.kind) {
    case "failed":
      return (
        <p class="banner problem">
          <span>Your work is not being saved: {saving.message}. Export it before you close this tab.</span>
          <button type="button" class="secondary" onClick={() => app.dialog.set("export")}>
            Export
          </button>
        </p>
      );
    case "elsewhere":
      return (
        <p class="banner problem">
          <span>Your work is open in another tab. Changes in this tab are not saved.</span>
          <button type="button" class="secondary" onClick={takeOver}>
            Continue here
          </button>
        </p>
      );
    case "outdated":
      return (
        <p class="banner problem">
          <span>A newer version of this page is open in another tab. Reload to continue.</span>
          <button type="button" class="secondary" onClick={() => location.reload()}>
            Reload
          </button>
        </p>
      );
    default:
      return null;
  }
}

/** Reloads the page so that this tab takes over saving from the other tab. */
function takeOver(): void {
  location.hash = "take-over";
  location.reload();
}

/** Milliseconds for which a message is shown. Problems and offers are shown until the reviewer closes them. */
const NOTICE_DURATION = 8_000;

/** Announces the latest message to screen readers. Stays in the page, because new live regions are not announced. */
export function NoticeStatus(): JSX.Element {
  const notice = useStore(useApp().notice);
  return (
    <div role="status" aria-live="polite" class="sr">
      {notice?.text}
    </div>
  );
}

/** Shows the latest message: on a phone above the actions, where it can be scrolled past; otherwise in a corner. */
export function NoticeBar(): JSX.Element | null {
  const app = useApp();
  const notice = useStore(app.notice);
  useEffect(() => {
    if (notice === undefined || notice.tone === "problem" || notice.offer !== undefined) return;
    const timer = setTimeout(() => app.notice.set(undefined), NOTICE_DURATION);
    return () => clearTimeout(timer);
  }, [notice]);
  if (notice === undefined) return null;
  return (
    <div class="notice-place">
      <aside class={`notice ${notice.tone}`} aria-label="Message">
        <p>
          {notice.text}
          {notice.undo === true && (
            <button type="button" class="link" onClick={() => undo(app)}>
              Undo
            </button>
          )}
          {notice.offer !== undefined && (
            <button type="button" class="secondary" aria-keyshortcuts="S" onClick={notice.offer.take}>
              {notice.offer.label} <kbd>S</kbd>
            </button>
          )}
        </p>
        {notice.details !== undefined && notice.details.length > 0 && (
          <ul>
            {notice.details.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
        <button
          type="button"
          class="quiet round"
          aria-label="Close the message"
          onClick={() => app.notice.set(undefined)}
        >
          <CloseIcon />
        </button>
      </aside>
    </div>
  );
}
