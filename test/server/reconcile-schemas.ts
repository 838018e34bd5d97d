/** JSON schemas of the answers, from the specification of the Reconciliation API 0.2. */
const string = { type: "string" };
const named = { type: "object", properties: { id: string, name: string }, required: ["id", "name"] };
const uriTemplate = { type: "string", pattern: "^https?://.*\\{\\{id\\}\\}" };
const place = { type: "object", properties: { service_url: string, service_path: string } };

export const manifest = {
  type: "object",
  properties: {
    versions: { type: "array", items: string, contains: { const: "0.2" } },
    name: string,
    identifierSpace: { type: "string", pattern: "^[a-z]+:" },
    schemaSpace: { type: "string", pattern: "^[a-z]+:" },
    documentation: string,
    serviceVersion: string,
    defaultTypes: { type: "array", items: named, uniqueItems: true },
    view: { type: "object", properties: { url: uriTemplate }, required: ["url"] },
    preview: {
      type: "object",
      properties: { url: uriTemplate, width: { type: "integer" }, height: { type: "integer" } },
      required: ["url", "width", "height"],
    },
    suggest: { type: "object", properties: { entity: place, property: place, type: place } },
    extend: {
      type: "object",
      properties: { propose_properties: place, property_settings: { type: "array" } },
    },
  },
  required: ["versions", "name", "identifierSpace", "schemaSpace"],
};

export const resultBatch = {
  type: "object",
  additionalProperties: {
    type: "object",
    properties: {
      result: {
        type: "array",
        items: {
          type: "object",
          properties: {
            id: string,
            name: string,
            description: string,
            score: { type: "number" },
            match: { type: "boolean" },
            type: { type: "array", items: named },
            features: {
              type: "array",
              items: {
                type: "object",
                properties: { id: string, value: { oneOf: [{ type: "boolean" }, { type: "number" }] } },
              },
            },
          },
          required: ["id", "name", "score"],
        },
      },
    },
    required: ["result"],
  },
};

export const suggestions = {
  type: "object",
  properties: {
    result: {
      type: "array",
      items: {
        type: "object",
        properties: {
          id: string,
          name: string,
          description: string,
          notable: { type: "array", items: named },
        },
        required: ["id", "name"],
      },
    },
  },
  required: ["result"],
};

export const extension = {
  type: "object",
  properties: {
    meta: { type: "array", items: named },
    rows: {
      type: "object",
      additionalProperties: {
        type: "object",
        additionalProperties: {
          type: "array",
          items: {
            type: "object",
            properties: { str: string },
            required: ["str"],
            additionalProperties: false,
          },
        },
      },
    },
  },
  required: ["rows", "meta"],
};
