export { type Address, addressOf } from "./address.js";
export { afterGrace } from "./after-grace.js";
export { type Database, openDatabase, type Sql } from "./open-database.js";
export { type Patience, patiently } from "./patiently.js";
export { isTransient, makingError } from "./server-error.js";
