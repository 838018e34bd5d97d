import type { JSX } from "preact";
import { addCaptions, openFiles } from "../app/index.js";
import { CAPTION_FILES, FileButton } from "../catalogue/file-drop.js";
import { useApp, useStore } from "./context.js";
import { Dialog } from "./dialog.js";
import { CloseIcon, PictureIcon } from "./icons.js";
import { useObjectUrl } from "./use-picture.js";

/**
 * Shows a form for writing or pasting a caption and adding a picture. With `autofocus`, the text field has the focus
 * when the form opens.
 */
export function Composer({ autofocus = false }: { readonly autofocus?: boolean }): JSX.Element {
  const app = useApp();
  const draft = useStore(app.draft);
  const submit = (): void => {
    if (draft.text.trim() !== "") addCaptions(app, [{ text: draft.text.trim(), picture: draft.picture }]);
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label class="sr" for="composer-text">
        Caption
      </label>
      <textarea
        id="composer-text"
        rows={3}
        autofocus={autofocus}
        dir="auto"
        placeholder="Paste a caption, such as “Jordan, Pippen and Rodman walk back on defence, Chicago, 1996.”"
        value={draft.text}
        onInput={({ currentTarget }) => app.draft.set({ ...draft, text: currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          submit();
        }}
      />
      <div class="composer-foot">
        {draft.picture === undefined ? (
          <FileButton
            class="quiet"
            label="Picture of the caption"
            accept="image/*"
            onFiles={([picture]) => picture !== undefined && app.draft.set({ ...draft, picture })}
          >
            <PictureIcon /> Add a picture
          </FileButton>
        ) : (
          <DraftPicture picture={draft.picture} onRemove={() => app.draft.set({ text: draft.text })} />
        )}
        <span class="spacer" />
        <button type="submit" class="primary" disabled={draft.text.trim() === ""}>
          Find and link names
        </button>
      </div>
    </form>
  );
}

function DraftPicture({
  picture,
  onRemove,
}: {
  readonly picture: File;
  readonly onRemove: () => void;
}): JSX.Element {
  const src = useObjectUrl(picture);
  return (
    <span class="draft-picture">
      {src !== undefined && <img src={src} alt="" />}
      <bdi>{picture.name}</bdi>
      <button type="button" class="quiet round" aria-label="Remove the picture" onClick={onRemove}>
        <CloseIcon />
      </button>
    </span>
  );
}

export function ComposeDialog(): JSX.Element {
  const app = useApp();
  return (
    <Dialog title="New caption" wide>
      <Composer autofocus />
      <p class="soft">
        Or open more captions, links or pictures:{" "}
        <FileButton
          class="link"
          label="Files with captions, links and pictures"
          accept={CAPTION_FILES}
          multiple
          onFiles={(files) => {
            app.dialog.set(undefined);
            void openFiles(app, files);
          }}
        >
          choose files
        </FileButton>
      </p>
    </Dialog>
  );
}
