import { reconcileRoutes } from "../reconcile/routes.js";
import type { Route } from "../route.js";
import { cataloguesRoute } from "./catalogues.js";
import { entityImageRoute, imageRoute } from "./images.js";
import {
  addEntitiesRoute,
  cancelImportRoute,
  deleteCatalogueRoute,
  importRejectsRoute,
  importRoute,
  importStateRoute,
} from "./imports.js";
import { entityRoute, searchRoute } from "./knowledge-base.js";
import { linkRoute } from "./link.js";
import { nifRoute } from "./nif.js";
import { pictureCaptionRoute } from "./pictures.js";
import { healthRoute, metricsRoute, modelsRoute, openApiRoute, readyRoute, reloadRoute } from "./status.js";
import { captionTableRoute, previewRoute } from "./tables.js";

/** Returns all routes of the service. The review page and the API documentation are served separately (`pages.ts`). */
export function routesOf(version: string): readonly Route[] {
  const routes = [
    linkRoute(),
    nifRoute,
    entityRoute,
    entityImageRoute,
    searchRoute,
    imageRoute,
    modelsRoute,
    cataloguesRoute,
    importRoute,
    addEntitiesRoute,
    deleteCatalogueRoute,
    importStateRoute,
    cancelImportRoute,
    importRejectsRoute,
    previewRoute,
    captionTableRoute,
    pictureCaptionRoute,
    healthRoute,
    readyRoute,
    metricsRoute,
    reloadRoute,
    ...reconcileRoutes(version),
  ];
  return [...routes, openApiRoute(routes, version)];
}
