// The contract's JSON Schemas, compiled by ajv, with the formats asserted.

import { readFileSync } from "node:fs";
import addFormats from "ajv-formats";
import { Ajv2020 } from "ajv/dist/2020.js";

// From the file that every rival reads to a judge for each event type.
export function compileAll(path) {
  const { files, by_type } = JSON.parse(readFileSync(path, "utf8"));
  const ajv = new Ajv2020({ strict: false, schemas: Object.values(files) });
  addFormats.default(ajv);
  return new Map(Object.entries(by_type).map(([type, schema]) => [type, ajv.getSchema(schema.$id)]));
}
