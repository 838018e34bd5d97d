/** What the service says of itself to OpenRefine and others of its kind (Reconciliation API 0.2). */
export function manifestOf(base: string, kb: string, version: string, types: readonly object[]): object {
  const at = (service_path: string) => ({ service_url: base, service_path });
  const [name = kb] = kb.split("@");
  return {
    versions: ["0.2"],
    name: `${name} (mmel)`,
    identifierSpace: `urn:mmel:kb:${encodeURIComponent(name)}`,
    schemaSpace: "urn:mmel:properties",
    serviceVersion: version,
    documentation: `${base}/openapi.json`,
    defaultTypes: types,
    view: { url: `${base}/reconcile/preview?id={{id}}` },
    preview: { url: `${base}/reconcile/preview?id={{id}}`, width: 420, height: 260 },
    suggest: {
      entity: at("/reconcile/suggest/entity"),
      property: at("/reconcile/suggest/property"),
      type: at("/reconcile/suggest/type"),
    },
    extend: { propose_properties: at("/reconcile/properties"), property_settings: [] },
  };
}
