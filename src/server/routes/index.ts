import { reconcileRoutes } from "../reconcile/routes.js";
import type { Route } from "../route.js";
import type { Service } from "../service.js";
import { entityImageRoute, imageRoute } from "./images.js";
import { entityRoute, searchRoute } from "./knowledge-base.js";
import { linkRoute } from "./link.js";
import { healthRoute, metricsRoute, modelsRoute, openApiRoute, readyRoute } from "./status.js";

/** Returns all routes of the service. The review page and the API documentation are served separately (`pages.ts`). */
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
