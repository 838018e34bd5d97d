import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { currentPlace, setNote, toggleFlag } from "../app/index.js";
import type { Note } from "../review/index.js";
import { useApp, useWork } from "./context.js";
import { Dialog } from "./dialog.js";

/** What a remark is about. */
type Subject = "name" | "caption";

/** Shows the buttons that flag and comment on a name or a caption. */
export function RemarkButtons({
  of,
  note,
}: {
  readonly of: Subject;
  readonly note: Note | undefined;
}): JSX.Element {
  const app = useApp();
  return (
    <>
      <button
        type="button"
        class="link"
        aria-pressed={note?.flagged === true}
        aria-keyshortcuts={of === "name" ? "G" : undefined}
        onClick={() => toggleFlag(app, of)}
      >
        {note?.flagged === true ? "Flagged" : of === "name" ? "Flag" : "Flag caption"}
      </button>
      <button
        type="button"
        class="link"
        aria-keyshortcuts={of === "name" ? "W" : undefined}
        onClick={() => app.dialog.set(of === "name" ? "comment" : "caption-comment")}
      >
        {note?.comment !== undefined ? "Edit comment" : of === "name" ? "Comment" : "Comment on caption"}
      </button>
    </>
  );
}

export const Comment = ({ note }: { readonly note: Note | undefined }): JSX.Element | null =>
  note?.comment === undefined ? null : (
    <p class="comment">
      <bdi>{note.comment}</bdi>
    </p>
  );

const MAX_COMMENT = 2_000;

function CommentDialog({ of }: { readonly of: Subject }): JSX.Element {
  const app = useApp();
  const place = currentPlace(useWork());
  const isOnName = of === "name" && place?.mark !== undefined;
  const note = isOnName ? place.mark?.note : place?.item.note;
  const [text, setText] = useState(note?.comment ?? "");
  const save = (): void => {
    setNote(app, { comment: text.trim() }, of);
    app.dialog.set(undefined);
  };
  return (
    <Dialog title={isOnName ? `Comment on “${place.mark.text}”` : "Comment on this caption"}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <textarea
          autofocus
          rows={4}
          aria-label="Comment"
          dir="auto"
          maxLength={MAX_COMMENT}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            save();
          }}
        />
        <p class="dialog-actions">
          <span class="soft">Ctrl+Enter saves. The export contains comments.</span>
          <button type="submit" class="primary">
            Save
          </button>
        </p>
      </form>
    </Dialog>
  );
}

export const NameCommentDialog = (): JSX.Element => <CommentDialog of="name" />;
export const CaptionCommentDialog = (): JSX.Element => <CommentDialog of="caption" />;
