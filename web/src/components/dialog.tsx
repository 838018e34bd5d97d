import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useApp } from "./context.js";
import { CloseIcon } from "./icons.js";

interface DialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly wide?: boolean;
  /** Whether the dialog uses most of the screen. */
  readonly huge?: boolean;
  /** Whether a click outside leaves the dialog open, so that a slip does not discard what the reviewer entered. */
  readonly keepOpen?: boolean;
}

/**
 * Shows a native modal dialog. The dialog keeps the focus inside, and closes with Escape or a click outside. After
 * closing, the previously focused element has the focus again.
 */
export function Dialog({ title, children, wide, huge, keepOpen }: DialogProps): JSX.Element {
  const app = useApp();
  const ref = useRef<HTMLDialogElement>(null);
  const close = (): void => app.dialog.set(undefined);

  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    dialog?.showModal();
    dialog?.addEventListener("close", close); // browsers may close a dialog without a cancel event
    return () => {
      dialog?.removeEventListener("close", close);
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);

  return (
    <dialog
      ref={ref}
      class={["dialog", wide === true && "wide", huge === true && "huge"].filter(Boolean).join(" ")}
      aria-labelledby="dialog-title"
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onPointerDown={(event) => {
        if (event.target === ref.current && keepOpen !== true) close();
      }}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id="dialog-title">{title}</h2>
          <button type="button" class="quiet round" onClick={close} aria-label="Close">
            <CloseIcon />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
