import type { Api } from "../api/index.js";
import type { Action, State, WireLinks } from "../review/index.js";
import type { Preferences } from "../storage/index.js";
import type { Entities } from "./entities.js";
import type { SavingState } from "./saving.js";
import type { ServerState } from "./server-state.js";
import type { Store } from "./store.js";

/** Something to tell the reviewer; `undo` offers to take the last step back. */
export interface Notice {
  readonly text: string;
  readonly tone: "done" | "problem";
  readonly undo?: boolean;
  /** More lines, such as those of a file that could not be read. */
  readonly details?: readonly string[];
}

export type DialogName =
  | "search"
  | "help"
  | "settings"
  | "export"
  | "compose"
  | "mark"
  | "captions"
  | "clear";

/** A caption that is being written, kept while its dialog is closed and opened. */
export interface Draft {
  readonly text: string;
  readonly picture?: File;
}

/** Everything that the page's parts share. */
export interface App {
  readonly api: Api;
  readonly work: Store<State>;
  readonly server: Store<ServerState>;
  readonly saving: Store<SavingState>;
  readonly notice: Store<Notice | undefined>;
  readonly dialog: Store<DialogName | undefined>;
  readonly draft: Store<Draft>;
  readonly preferences: Store<Preferences>;
  readonly token: Store<string | undefined>;
  readonly pictures: Store<ReadonlyMap<string, Blob>>;
  /** Links whose captions file has not been opened yet. */
  readonly orphans: Store<readonly WireLinks[]>;
  readonly entities: Entities;
  readonly dispatch: (action: Action) => void;
  /** Asks a server again that was away, busy or refused. */
  readonly retry: () => void;
  /** Keeps a picture for a caption; `undefined` forgets it. */
  readonly keepPicture: (id: string, picture: Blob | undefined) => void;
  /** Forgets everything. */
  readonly clear: () => void;
}
