export { type FetchOptions, type FetchReport, fetchImages } from "./fetch-images.js";
