export type {
  AnnotationPage,
  CaptionRequest,
  Displacy,
  EntityAnswer,
  LinkOptions,
  ModelsAnswer,
  Problem,
  SearchAnswer,
  WireCaption,
  WireEntity,
  WireLinks,
} from "../formats/index.js";
export { type Client, type ClientOptions, createClient, type LinkCall, ServiceError } from "./client.js";
