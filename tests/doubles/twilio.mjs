// A stand-in for Twilio's REST API, in its own process, without packages. It is the judge of "nothing lost,
// nothing twice": a message that it accepts is on disk, fsynced, before the answer leaves, so its log tells the
// truth whatever happens to the server under test. It talks to loopback alone.
//
//   node tests/doubles/twilio.mjs --log FILE [--port 0] [--control-port 0] [--account AC…] [--token …]
//                                 [--deliver-to http://127.0.0.1:3300]
//
// Prints one line of JSON when it listens: {"api": "http://127.0.0.1:…", "control": "http://127.0.0.1:…"}.
// --deliver-to: webhooks are signed for the URL they are addressed to, but carried to this origin.
//
// Control (another port, so that it answers while the API is down):
//   GET  /mode, POST /mode {"mode", "seconds"?, "count"?}   after `count` messages the mode falls back to ok
//   GET  /messages    every accepted message        GET /requests   how many creations were asked for
//   POST /clock    {"at"}   what its clock shows now, to go with a house whose clock was set
//   POST /auto     {"statuses": ["sent", "delivered"], "delay_ms": 50, "shuffle": false}   callbacks by themselves
//   POST /status   {"sid" | "message", "status", "error_code"?, "url"?, "forge"?}   one signed status callback
//   POST /inbound  {"from", "body", "url", "to"?, "service"?, "sid"?, "extra"?, "forge"?}   one signed text
// Modes: ok · slow (accepts, answers after `seconds`) · 429 · 500 · 21610 · reset-after-accept ·
//        reset-before-accept · down (refuses connections)
import { createHmac, randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { createServer } from "node:http";

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const account = option("account", "AC00000000000000000000000000000001");
const token = option("token", "test_auth_token_0123456789abcdef");
const deliverTo = option("deliver-to", null);
const logFile = option("log", null);
if (!logFile) {
  process.stderr.write("twilio double: --log FILE is needed\n");
  process.exit(2);
}

const messages = [];
const modes = ["ok", "slow", "429", "500", "503", "21610", "reset-after-accept", "reset-before-accept", "down"];
let mode = { mode: "ok", seconds: 0, count: 0 };
let auto = { statuses: [], delay_ms: 50, shuffle: false };
let requests = 0;
let ahead = 0;
const now = () => new Date(Date.now() + ahead);

if (existsSync(logFile)) {
  // A last line that a kill cut off was never answered, so it was never accepted.
  for (const line of readFileSync(logFile, "utf8").split("\n").slice(0, -1)) messages.push(JSON.parse(line));
}
const log = openSync(logFile, "a");
process.on("exit", () => closeSync(log));

function accept(fields, callback, how) {
  const message = {
    sid: `SM${randomBytes(16).toString("hex")}`,
    at: now().toISOString(),
    to: fields.To,
    from: fields.From ?? null,
    service: fields.MessagingServiceSid ?? null,
    body: fields.Body,
    status: fields.MessagingServiceSid ? "accepted" : "queued",
    error_code: null,
    message: callback ? new URL(callback).searchParams.get("message") : null,
    mode: how,
    fields,
  };
  writeSync(log, `${JSON.stringify(message)}\n`);
  fsyncSync(log);
  messages.push(message);
  tellByItself(message);
  return message;
}

// The API.

const rfc2822 = (iso) => new Date(iso).toUTCString().replace("GMT", "+0000");

function segments(body) {
  const plain = /^[\x0a\x0d\x20-\x7eàèéìòùäöñüÄÖÑÜÉÇÅåÆæØøß£¥¤§¿¡€]*$/.test(body);
  const [alone, joined] = plain ? [160, 153] : [70, 67];
  return body.length <= alone ? 1 : Math.ceil(body.length / joined);
}

const wire = (message) => ({
  account_sid: account,
  api_version: "2010-04-01",
  body: message.body,
  date_created: rfc2822(message.at),
  date_sent: message.status === "queued" || message.status === "accepted" ? null : rfc2822(message.at),
  date_updated: rfc2822(message.at),
  direction: "outbound-api",
  error_code: message.error_code,
  error_message: null,
  from: message.from,
  messaging_service_sid: message.service,
  num_media: "0",
  num_segments: String(segments(message.body)),
  price: null,
  price_unit: null,
  sid: message.sid,
  status: message.status,
  subresource_uris: { media: `/2010-04-01/Accounts/${account}/Messages/${message.sid}/Media.json` },
  to: message.to,
  uri: `/2010-04-01/Accounts/${account}/Messages/${message.sid}.json`,
});

function answer(response, status, body, headers = {}) {
  const text = JSON.stringify(body);
  response.writeHead(status, { "Content-Type": "application/json; charset=utf-8", ...headers });
  response.end(text);
}

const refuse = (response, status, code, message, headers) =>
  answer(response, status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }, headers);

function wrongWith(fields) {
  if (!fields.To) return [21604, "A 'To' phone number is required."];
  if (!/^\+[1-9]\d{7,14}$/.test(fields.To)) return [21211, "The 'To' number is not a valid phone number."];
  if (!fields.From && !fields.MessagingServiceSid) return [21603, "A 'From' phone number is required."];
  if (!fields.Body) return [21602, "Message body is required."];
  if ([...fields.Body].length > 1600) return [21617, "The message body exceeds the 1600 character limit."];
  const validity = Number(fields.ValidityPeriod ?? 36000);
  if (!(validity >= 1 && validity <= 36000)) return [20001, "ValidityPeriod is out of range."];
  return null;
}

async function create(request, response, text) {
  requests += 1;
  const now = mode;
  if (now.count > 0 && --now.count === 0) mode = { mode: "ok", seconds: 0, count: 0 };
  const fields = Object.fromEntries(new URLSearchParams(text));
  if (now.mode === "reset-before-accept") return request.socket.resetAndDestroy();
  if (now.mode === "429") return refuse(response, 429, 20429, "Too Many Requests", { "Retry-After": "1" });
  if (now.mode === "500") return refuse(response, 500, 20500, "An internal server error has occurred");
  if (now.mode === "503") return refuse(response, 503, 20503, "The service is temporarily unavailable");
  const wrong = wrongWith(fields);
  if (wrong) return refuse(response, 400, ...wrong);
  if (now.mode === "21610") return refuse(response, 400, 21610, "Attempt to send to unsubscribed recipient");
  const message = accept(fields, fields.StatusCallback, now.mode);
  if (now.mode === "reset-after-accept") return request.socket.resetAndDestroy();
  if (now.mode === "slow") await new Promise((done) => setTimeout(done, now.seconds * 1000));
  answer(response, 201, wire(message));
}

function list(response, query) {
  const size = Math.min(Number(query.get("PageSize") ?? 50), 1000);
  const page = Number(query.get("Page") ?? 0);
  const to = query.get("To");
  const all = messages.filter((message) => !to || message.to === to).reverse();
  const next = new URLSearchParams(query);
  next.set("Page", String(page + 1));
  next.set("PageToken", "PASM0");
  const base = `/2010-04-01/Accounts/${account}/Messages.json`;
  answer(response, 200, {
    messages: all.slice(page * size, (page + 1) * size).map(wire),
    page,
    page_size: size,
    start: page * size,
    end: Math.max(0, Math.min(all.length, (page + 1) * size) - 1),
    uri: `${base}?${query}`,
    first_page_uri: `${base}?PageSize=${size}&Page=0`,
    previous_page_uri: null,
    next_page_uri: (page + 1) * size < all.length ? `${base}?${next}` : null,
  });
}

async function read(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}

const api = createServer(async (request, response) => {
  const text = await read(request);
  const url = new URL(request.url, "http://api");
  const proof = Buffer.from(`${account}:${token}`).toString("base64");
  if (request.headers.authorization !== `Basic ${proof}`) return refuse(response, 401, 20003, "Authenticate");
  const messagesPath = `/2010-04-01/Accounts/${account}/Messages`;
  if (url.pathname === `${messagesPath}.json` && request.method === "POST") return create(request, response, text);
  if (url.pathname === `${messagesPath}.json` && request.method === "GET") return list(response, url.searchParams);
  const one = messages.find((message) => url.pathname === `${messagesPath}/${message.sid}.json`);
  if (one && request.method === "GET") return answer(response, 200, wire(one));
  refuse(response, 404, 20404, "The requested resource was not found");
});

// Webhooks.

function sign(url, fields) {
  const sorted = Object.keys(fields).sort();
  const text = sorted.reduce((all, name) => all + name + fields[name], url);
  return createHmac("sha1", token).update(text, "utf8").digest("base64");
}

async function post(url, fields, forge) {
  const target = new URL(url);
  const real = deliverTo ? new URL(target.pathname + target.search, deliverTo) : target;
  if (!["127.0.0.1", "localhost", "[::1]"].includes(real.hostname)) throw new Error("only loopback is called");
  const signature = forge ? sign(`${url}x`, fields) : sign(url, fields);
  const reply = await fetch(real, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded; charset=utf-8", "X-Twilio-Signature": signature },
    body: new URLSearchParams(fields).toString(),
    redirect: "manual",
  });
  return { status: reply.status, body: await reply.text() };
}

function tell(message, status, { error_code, url, forge } = {}) {
  message.status = status;
  message.error_code = error_code ?? null;
  const fields = {
    AccountSid: account,
    ApiVersion: "2010-04-01",
    From: message.from ?? "+15145550100",
    MessageSid: message.sid,
    MessageStatus: status,
    SmsSid: message.sid,
    SmsStatus: status,
    To: message.to,
    ...(message.service ? { MessagingServiceSid: message.service } : {}),
    ...(error_code ? { ErrorCode: String(error_code) } : {}),
  };
  const to = url ?? message.fields.StatusCallback;
  if (!to) throw new Error("the message has no StatusCallback");
  return post(to, fields, forge);
}

function tellByItself(message) {
  if (!message.fields.StatusCallback) return;
  const statuses = [...auto.statuses];
  if (auto.shuffle) statuses.sort(() => Math.random() - 0.5);
  statuses.forEach((status, at) => {
    setTimeout(() => tell(message, status).catch(() => {}), auto.delay_ms * (at + 1));
  });
}

function inbound({ from, body, url, to, service, sid, extra, forge }) {
  const id = sid ?? `SM${randomBytes(16).toString("hex")}`;
  const fields = {
    AccountSid: account,
    ApiVersion: "2010-04-01",
    Body: body,
    From: from,
    FromCountry: "CA",
    MessageSid: id,
    NumMedia: "0",
    NumSegments: String(segments(body)),
    SmsMessageSid: id,
    SmsSid: id,
    SmsStatus: "received",
    To: to ?? "+15145550100",
    ToCountry: "CA",
    ...(service ? { MessagingServiceSid: service } : {}),
    ...(extra ?? {}),
  };
  return post(url, fields, forge).then((reply) => ({ sid: id, ...reply }));
}

// Control.

let port = Number(option("port", "0"));
const listen = () => new Promise((done) => api.listen(port, "127.0.0.1", done));

async function setMode(wanted) {
  if (!modes.includes(wanted.mode)) throw new Error(`no such mode, only ${modes.join(", ")}`);
  const wasDown = mode.mode === "down";
  mode = { mode: wanted.mode, seconds: wanted.seconds ?? 30, count: wanted.count ?? 0 };
  if (mode.mode === "down" && !wasDown) {
    const closed = new Promise((done) => api.close(done));
    api.closeAllConnections();
    await closed;
  }
  if (mode.mode !== "down" && wasDown) await listen();
  return mode;
}

const doors = {
  "GET /mode": () => mode,
  "POST /mode": setMode,
  "POST /clock": ({ at }) => {
    ahead = new Date(at).getTime() - Date.now();
    return { now: now().toISOString() };
  },
  "GET /messages": () => ({ messages }),
  "GET /requests": () => ({ requests }),
  "POST /auto": (wanted) => (auto = { ...auto, ...wanted }),
  "POST /status": (asked) => {
    const message = messages.findLast((one) => one.sid === asked.sid || (asked.message && one.message === asked.message));
    if (!message) throw new Error("no such message");
    return tell(message, asked.status, asked);
  },
  "POST /inbound": inbound,
};

const control = createServer(async (request, response) => {
  const door = doors[`${request.method} ${request.url}`];
  if (!door) return answer(response, 404, { error: "no such door" });
  try {
    const text = await read(request);
    answer(response, 200, await door(text ? JSON.parse(text) : {}));
  } catch (error) {
    answer(response, 400, { error: String(error.message) });
  }
});

await listen();
port = api.address().port;
await new Promise((done) => control.listen(Number(option("control-port", "0")), "127.0.0.1", done));
process.stdout.write(
  `${JSON.stringify({ api: `http://127.0.0.1:${port}`, control: `http://127.0.0.1:${control.address().port}` })}\n`,
);
