export { type App, type DialogName, type Draft, type Notice, startApp } from "./app.js";
export {
  accept,
  choose,
  currentPlace,
  decide,
  goToUnsure,
  move,
  type Place,
  redo,
  shownItems,
  undo,
  unmark,
} from "./commands.js";
export { describeEntity, type EntityState } from "./entities.js";
export { addCaption, openFiles } from "./open-files.js";
export type { SavingState } from "./saving.js";
export { isPaused, type ServerState } from "./server-state.js";
export type { Store } from "./store.js";
