import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Filter, isFiltering, NO_FILTER, STATES } from "../review/index.js";
import { useApp, useStore } from "./context.js";

/** Milliseconds to wait after the last keystroke before filtering. */
const DEBOUNCE = 120;

/** The ranges of probability to choose from. */
const RANGES: readonly (Pick<Filter, "from" | "below"> & { readonly label: string })[] = [
  { label: "any probability", from: NO_FILTER.from, below: NO_FILTER.below },
  { label: "below 50%", from: 0, below: 0.5 },
  { label: "50% to 90%", from: 0.5, below: 0.9 },
  { label: "90% to 99%", from: 0.9, below: 0.99 },
  { label: "99% and above", from: 0.99, below: NO_FILTER.below },
];

interface FilterFieldsProps {
  /** Number of captions that pass the filter. */
  readonly shown: number;
  readonly all: number;
}

/** Shows fields that filter the captions by name, entity, state and probability. */
export function FilterFields({ shown, all }: FilterFieldsProps): JSX.Element {
  const app = useApp();
  const filter = useStore(app.filter);
  const [text, setText] = useState(filter.text);
  const sent = useRef(filter.text);
  const set = (change: Partial<Filter>): void => app.filter.set({ ...app.filter.get(), ...change });
  useEffect(() => {
    if (text === app.filter.get().text) return;
    const timer = setTimeout(() => {
      sent.current = text;
      set({ text });
    }, DEBOUNCE);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => {
    if (filter.text === sent.current) return; // the reviewer may have typed more since
    sent.current = filter.text;
    setText(filter.text);
  }, [filter.text]);
  const range = RANGES.findIndex(({ from, below }) => from === filter.from && below === filter.below);
  return (
    <search class="filter">
      <input
        type="search"
        data-filter
        aria-label="Filter by name or entity"
        placeholder="Name or entity"
        aria-keyshortcuts="F"
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={({ key, currentTarget }) => {
          if (key === "Enter") currentTarget.blur();
        }}
      />
      <select
        aria-label="Filter by state"
        value={filter.state}
        onChange={({ currentTarget }) => set({ state: currentTarget.value as Filter["state"] })}
      >
        {Object.entries(STATES).map(([state, label]) => (
          <option key={state} value={state}>
            {label}
          </option>
        ))}
      </select>
      <select
        aria-label="Filter by probability"
        value={range}
        onChange={({ currentTarget }) => {
          const { from, below } = RANGES[Number(currentTarget.value)] ?? NO_FILTER;
          set({ from, below });
        }}
      >
        {RANGES.map(({ label }, index) => (
          <option key={label} value={index}>
            {label}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="secondary"
        aria-keyshortcuts="T"
        onClick={() => app.dialog.set("accept-all")}
      >
        Confident suggestions… <kbd>T</kbd>
      </button>
      <p class="filter-count soft" role="status">
        {isFiltering(filter) && (
          <>
            {shown} of {all} {all === 1 ? "caption" : "captions"}{" "}
            <button type="button" class="link" onClick={() => app.filter.set(NO_FILTER)}>
              Show all
            </button>
          </>
        )}
      </p>
    </search>
  );
}
