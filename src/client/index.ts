/**
 * A client for the service. Runs in Node.js and in browsers: it needs only `fetch`.
 * @module mmel/client
 */
export type {
  AnnotationPage,
  CaptionRequest,
  CataloguesAnswer,
  Displacy,
  EntityAnswer,
  ImportAnswer,
  LinkOptions,
  ModelsAnswer,
  PictureCaptionAnswer,
  Problem,
  SearchAnswer,
  TablePreviewAnswer,
  WireCaption,
  WireEntity,
  WireLinks,
} from "../formats/index.js";
export {
  type Call,
  type Client,
  type ClientOptions,
  createClient,
  type LinkCall,
  type RejectedRow,
  type SearchCall,
  ServiceError,
  type TableCall,
} from "./client.js";
