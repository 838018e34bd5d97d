export { type App, type DialogName, type Draft, type Notice, startApp } from "./app.js";
export {
  currentPlace,
  firstUndecided,
  goToUnsure,
  move,
  type Place,
  redo,
  setNote,
  setOrder,
  shownItems,
  toggle,
  toggleFlag,
  undo,
} from "./commands.js";
export {
  accept,
  acceptThese,
  addEntity,
  choose,
  currentChoices,
  decide,
  goldOf,
  takeOffer,
  unmark,
} from "./decisions.js";
export { describeEntity, type EntityState } from "./entities.js";
export {
  addCaptions,
  addContents,
  addPicture,
  addPictures,
  exportLike,
  openFiles,
  openTable,
} from "./open-files.js";
export type { SavingState } from "./saving.js";
export { isPaused, type ServerState } from "./server-state.js";
export type { Store } from "./store.js";
