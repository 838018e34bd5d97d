import { reconcileRoutes } from "../reconcile/routes.js";
import type { Route } from "../route.js";
import type { Service } from "../service.js";
import { entityRoute } from "./entities.js";
import { entityImageRoute, imageRoute } from "./images.js";
import { searchRoute } from "./knowledge-base.js";
import { linkRoute } from "./link.js";
import { metricsRoute } from "./metrics.js";
import { modelsRoute } from "./models.js";
import { openApiRoute } from "./openapi.js";
import { healthRoute, readyRoute } from "./status.js";

/** Every address of the service but the files of the page. */
export function routesOf(service: Service, version: string): readonly Route[] {
  const routes = [
    linkRoute(service),
    entityRoute(service),
    entityImageRoute(service),
    searchRoute(service),
    imageRoute(service),
    modelsRoute(service),
    healthRoute,
    readyRoute(service),
    metricsRoute(service),
    ...reconcileRoutes(service, version),
  ];
  return [...routes, openApiRoute(routes, version)];
}
