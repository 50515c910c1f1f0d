// What a team might write under node: ws, JSON.parse, ajv and an order check. `node session.mjs SCHEMAS URL` prints JSON.

import WebSocket from "ws";
import { compileAll } from "./compile.mjs";

const [schemas, url] = process.argv.slice(2);
const judges = compileAll(schemas);
const runs = new Map();
let messages = 0;
let faults = 0;

const socket = new WebSocket(url, { perMessageDeflate: false });
socket.on("message", (data) => {
  messages += 1;
  if (!holds(data)) faults += 1;
});
socket.on("close", (code) => {
  console.log(JSON.stringify({ messages, faults: faults + runs.size, code }));
});

function holds(data) {
  let event;
  try {
    event = JSON.parse(data);
  } catch {
    return false;
  }
  const accepts = judges.get(event.type);
  return accepts !== undefined && accepts(event) && follow(event);
}

// Whether the event may come now: a run starts once, counts its thoughts, completes each tool it calls, and ends.
function follow(event) {
  const { type, run_id: id, payload } = event;
  if (type === "system_message") return true;
  const run = runs.get(id);
  if (type === "agent_started") {
    runs.set(id, { user: event.user_id, thread: event.thread_id, thoughts: 0, tools: 0, running: new Map() });
    return run === undefined;
  }
  if (run === undefined || run.user !== event.user_id || run.thread !== event.thread_id) return false;
  const call = payload.tool_call_id;
  switch (type) {
    case "agent_thinking":
      run.thoughts += 1;
      return payload.step_number === run.thoughts;
    case "tool_executing":
      if (run.running.has(call)) return false;
      run.running.set(call, payload.tool_name);
      run.tools += 1;
      return true;
    case "tool_completed":
      return run.running.get(call) === payload.tool_name && run.running.delete(call);
    case "agent_completed":
      runs.delete(id);
      return run.thoughts > 0 && run.tools > 0 && run.running.size === 0;
    case "agent_error":
      return runs.delete(id);
    default:
      return false;
  }
}
