export { openDatabase } from "./database.js";
export { holdLock } from "./lock.js";
export {
  loadPreferences,
  loadToken,
  type Preferences,
  savePreferences,
  saveToken,
} from "./preferences.js";
export { forgetPictures, load, save, savePicture } from "./workspace.js";
