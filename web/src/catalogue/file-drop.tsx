import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { openable } from "./dropped-files.js";

interface PickerProps {
  /** Accessible name of the file field. */
  readonly label: string;
  readonly accept: string;
  readonly multiple?: boolean;
  /** Whether the reviewer chooses a folder. Only the files in it that the page can open are returned. */
  readonly folder?: boolean;
  readonly autofocus?: boolean;
  readonly class?: string;
  readonly children: ComponentChildren;
  readonly onFiles: (files: File[]) => void;
}

/** Shows a button that lets the reviewer choose files or a folder. */
export function FileButton({
  label,
  accept,
  multiple,
  folder,
  children,
  onFiles,
  ...props
}: PickerProps): JSX.Element {
  const picker = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (picker.current !== null) picker.current.webkitdirectory = folder === true;
  }, [folder]);
  return (
    <>
      <button
        type="button"
        class={props.class ?? "secondary"}
        autofocus={props.autofocus === true}
        onClick={() => picker.current?.click()}
      >
        {children}
      </button>
      <input
        ref={picker}
        class="sr"
        type="file"
        multiple={multiple === true || folder === true}
        accept={accept}
        tabIndex={-1}
        aria-label={label}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          currentTarget.value = "";
          onFiles(folder === true ? openable(files) : files);
        }}
      />
    </>
  );
}

/** File names that the dialog for catalogues accepts. */
export const CATALOGUE_FILES = ".csv,.tsv,.tab,.txt,.xlsx,.jsonl,.ndjson,.gz";

/** File names that the dialog for captions accepts. */
export const CAPTION_FILES = ".csv,.tsv,.tab,.txt,.xlsx,.jsonl,.ndjson,.json,.gz,image/*,.xmp";
