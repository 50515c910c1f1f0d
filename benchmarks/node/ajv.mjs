// The bare loop under node: JSON.parse each text, judge it with ajv. `node ajv.mjs SCHEMAS TEXTS` prints JSON.

import { readFileSync } from "node:fs";
import { compileAll } from "./compile.mjs";

const [schemas, file] = process.argv.slice(2);
const judges = compileAll(schemas);
const texts = readLines(readFileSync(file));

let valid = 0;
const cpu = process.cpuUsage();
const wall = process.hrtime.bigint();
for (const text of texts) {
  let event;
  try {
    event = JSON.parse(text);
  } catch {
    continue;
  }
  const accepts = judges.get(event.type);
  if (accepts !== undefined && accepts(event)) valid += 1;
}
const used = process.cpuUsage(cpu);
const took = Number(process.hrtime.bigint() - wall);
console.log(JSON.stringify({ valid, cpu: (used.user + used.system) / 1e6, wall: took / 1e9 }));

// Each line is a string of its own: a slice of one giant string would be slower to parse.
function readLines(bytes) {
  const lines = [];
  for (let start = 0, end; (end = bytes.indexOf(10, start)) >= 0; start = end + 1) {
    lines.push(bytes.toString("utf8", start, end));
  }
  return lines;
}
