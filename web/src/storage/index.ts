export { holdLock, openDatabase } from "./database.js";
export {
  type ExportKind,
  loadPreferences,
  loadToken,
  type Preferences,
  savePreferences,
  saveToken,
} from "./preferences.js";
export { deletePictures, load, save, savePicture } from "./workspace.js";
