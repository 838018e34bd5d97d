import type { JSX } from "preact";
import { useApp, useStore } from "./context.js";
import { Dialog } from "./dialog.js";
import { BINDINGS } from "./keys.js";

const SHOWN: Readonly<Record<string, string>> = { ArrowDown: "↓", ArrowUp: "↑" };

export function HelpDialog(): JSX.Element {
  const { singleKeys } = useStore(useApp().preferences);
  return (
    <Dialog title="Keys">
      {!singleKeys && (
        <p class="soft">Keys are switched off in the settings; only Ctrl Z and Ctrl Shift Z act.</p>
      )}
      <dl class="keys">
        {BINDINGS.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {shown(keys).map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

const shown = (keys: readonly string[]): string[] =>
  keys.length > 3
    ? [`${keys[0]} – ${keys.at(-1)}`]
    : keys.map((key) => SHOWN[key] ?? (key.length === 1 ? key.toUpperCase() : key));
