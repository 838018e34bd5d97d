export type { App, DialogName, Draft, Notice } from "./app.js";
export {
  accept,
  choose,
  decide,
  goToUnsure,
  type Here,
  here,
  move,
  redo,
  shownItems,
  undo,
  unmark,
} from "./commands.js";
export { aboutEntity, type EntityState } from "./entities.js";
export { addCaption, openFiles } from "./open-files.js";
export type { SavingState } from "./saving.js";
export type { ServerState } from "./server-state.js";
export { startApp } from "./start-app.js";
export type { Store } from "./store.js";
