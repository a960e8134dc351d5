// A stand-in for the server, for drawing the screens before (or without) it: serves dist/, answers the board's calls
// from an invented company, moves technicians. Development only; it is in no build. `node dev/mock.mjs [port]`
import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { company } from './company.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, '../dist');
const pages = process.env.PAGES ?? join(here, '../../target/pages');
const port = Number(process.argv[2] ?? 3311);
const NOW = process.env.NOW ?? '2026-11-23T10:22:00-05:00';
const skew = Date.parse(NOW) - Date.now();
const now = () => new Date(Date.now() + skew).toISOString();

const board = company({ now: NOW });
let seq = board.seq;
const watchers = new Set();
const messages = [];
const jobs = () => [...board.technicians.flatMap((t) => t.visits.map((v) => v.job)), ...board.pool];

function tell(type, data, durable = true) {
  if (durable) seq += 1;
  board.seq = seq;
  const event = { seq: durable ? seq : null, at: now(), type, topic: 'dispatch', data };
  for (const w of watchers)
    w.write(`${durable ? `id: ${seq}\n` : ''}event: ${type}\ndata: ${JSON.stringify(event)}\n\n`);
}

const KINDS = ['job_assigned', 'visit_promised', 'on_the_way', 'late', 'eta_changed'];
['queued', 'sandboxed', 'delivered', 'failed', 'sent', 'sandboxed', 'delivered'].forEach((state, i) => {
  messages.push({
    id: `msg_${i}`,
    channel: 'sms',
    to: `+1450555010${i}`,
    body: `Fibre du Haut-Richelieu : nous serons chez vous le lun. 23 nov. entre ${9 + i} h et ${11 + i} h. Suivi : https://tournee.example/track/eyJ`,
    kind: KINDS[i % KINDS.length],
    language: 'fr',
    state,
    at: new Date(Date.parse(NOW) - i * 400000).toISOString(),
    job_id: `job_${i + 1}`,
    problem: state === 'failed' ? 'Le numéro est une ligne fixe.' : null,
  });
});

function take(job) {
  for (const t of board.technicians) t.visits = t.visits.filter((v) => v.job_id !== job.id);
  board.pool = board.pool.filter((p) => p.id !== job.id);
}

function assign(body) {
  const job = jobs().find((j) => j.id === body.job_id);
  const technician = board.technicians.find((t) => t.id === body.technician_id);
  if (!job || !technician) return [404, { title: 'unknown', detail: 'Ce travail n’existe pas.' }];
  if (technician.id === 'tech_8') {
    return [422, { title: 'absent', detail: `${technician.name} est absent ce jour-là.` }];
  }
  const start = body.start ? Date.parse(body.start) : Date.parse(technician.visits.at(-1)?.end ?? now());
  const end = start + job.duration_min * 60000;
  const clash = technician.visits.find(
    (v) => v.job_id !== job.id && Date.parse(v.start) < end && Date.parse(v.end) > start,
  );
  if (clash)
    return [
      409,
      {
        title: 'overlap',
        detail: `${technician.name} a déjà « ${clash.job.title} » chez ${clash.job.customer_name} à cette heure.`,
        current: job,
      },
    ];
  const moved = job.status !== 'unassigned';
  take(job);
  const visit = {
    id: job.visit?.id ?? `visit_n${seq}`,
    technician_id: technician.id,
    start: new Date(start).toISOString(),
    end: new Date(end).toISOString(),
    status: 'planned',
    pinned: true,
    eta: null,
    travel_min: 14,
    promise: job.visit?.promise ?? null,
  };
  const next = { ...job, status: 'planned', version: seq + 1, visit };
  technician.visits.push({ ...visit, job_id: job.id, job: next });
  setTimeout(() => tell(moved ? 'job.moved' : 'job.assigned', { job: next }), 120);
  return [200, next];
}

const reasons = (fr, en) => ({ fr: [fr], en: [en] });
const ROUTES = {
  'GET /auth/me': () => [
    200,
    {
      user: {
        id: 'user_1',
        name: 'Chantal Dion',
        email: 'chantal@example.org',
        role: 'dispatcher',
        language: process.env.LANGUAGE_ ?? undefined,
      },
    },
  ],
  'POST /auth/login': () => [
    200,
    { user: { id: 'user_1', name: 'Chantal Dion', email: 'chantal@example.org', role: 'dispatcher' } },
  ],
  'POST /auth/logout': () => [204],
  'GET /ops/config': () => [
    200,
    {
      company: 'Fibre du Haut-Richelieu',
      language: 'fr',
      timezone: 'America/Toronto',
      headquarters: { lat: 45.05, lon: -73.58 },
      outbound: 'sandbox',
      undo_seconds: 10,
      map_style_url: null,
      now: now(),
    },
  ],
  'GET /dispatch/board': () => [200, board],
  'GET /outbox': (_, url) => [
    200,
    {
      items: messages.filter((m) => !url.searchParams.get('state') || m.state === url.searchParams.get('state')),
      next: null,
    },
  ],
  'POST /dispatch/assign': assign,
  'POST /dispatch/unassign': (body) => {
    const job = jobs().find((j) => j.id === body.job_id);
    take(job);
    const next = { ...job, status: 'unassigned', visit: null, version: seq + 1 };
    board.pool.push(next);
    setTimeout(() => tell('job.unassigned', { job: next }), 120);
    return [200, next];
  },
  'POST /dispatch/suggest': () => [
    200,
    {
      slots: board.technicians.slice(2, 6).map((t, i) => ({
        technician_id: t.id,
        start: new Date(Date.parse(NOW) + (40 + i * 35) * 60000).toISOString(),
        end: now(),
        added_travel_min: 6 + i * 5,
        reasons: reasons(
          `Fibre niveau 3 pour 2 demandés ; ${6 + i * 5} min de route de plus.`,
          `Fibre level 3 for 2 required; ${6 + i * 5} more minutes of driving.`,
        ),
      })),
      not_possible: board.technicians.slice(7, 12).map((t) => ({
        technician_id: t.id,
        reasons: reasons('Pas de place libre de 60 min avant 16 h 30.', 'No free slot of 60 min before 16:30.'),
      })),
    },
  ],
  'POST /dispatch/auto-assign': () => [
    200,
    {
      assigned: board.pool.slice(0, 8).map((j, i) => ({
        job_id: j.id,
        technician_id: `tech_${i + 10}`,
        start: new Date(Date.parse(NOW) + (60 + i * 20) * 60000).toISOString(),
        reasons: reasons(
          'Niveau juste suffisant, et 7 min de route de plus.',
          'Just the level required, and 7 more minutes of driving.',
        ),
        rejected: [
          { technician_id: 'tech_3', reasons: reasons('12 min de route de plus.', '12 more minutes of driving.') },
        ],
      })),
      unassigned: board.pool.slice(8, 10).map((j) => ({
        job_id: j.id,
        reasons: reasons(
          'Personne n’a Réseau au niveau 4 cet après-midi.',
          'Nobody has Réseau at level 4 this afternoon.',
        ),
      })),
      applied: false,
    },
  ],
};

const TYPES = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.html': 'text/html',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const file =
    url.pathname === '/ops/'
      ? join(dist, 'ops.html')
      : url.pathname.startsWith('/assets/')
        ? join(dist, url.pathname.slice(8))
        : url.pathname.startsWith('/pages/')
          ? join(pages, url.pathname.slice(7))
          : null;
  if (file) {
    if (!existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': `${TYPES[extname(file)] ?? 'text/plain'}; charset=utf-8` });
    return response.end(readFileSync(file));
  }
  if (url.pathname === '/sse') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(': hello\n\n');
    watchers.add(response);
    return request.on('close', () => watchers.delete(response));
  }
  let text = '';
  request.on('data', (chunk) => (text += chunk));
  request.on('end', () => {
    const recall = /^\/outbox\/(.+)\/recall$/.exec(url.pathname);
    const answer = recall
      ? () => [
          200,
          Object.assign(
            messages.find((m) => m.id === recall[1]),
            { state: 'recalled' },
          ),
        ]
      : ROUTES[`${request.method} ${url.pathname}`];
    const [status, body] = answer ? answer(text ? JSON.parse(text) : {}, url) : [404, { title: 'not found' }];
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(body === undefined ? '' : JSON.stringify(body));
  });
}).listen(port, '127.0.0.1', () => process.stdout.write(`mock on http://127.0.0.1:${port}/ops/\n`));

setInterval(() => {
  for (const t of board.technicians) {
    if (!t.position || !t.position.speed_kmh) continue;
    const way = (t.position.heading * Math.PI) / 180;
    t.position = {
      ...t.position,
      lat: t.position.lat + Math.cos(way) * 0.0009,
      lon: t.position.lon + Math.sin(way) * 0.0012,
      at: now(),
    };
    tell('tech.position', { technician_id: t.id, ...t.position }, false);
  }
}, 3000);
setInterval(() => watchers.forEach((w) => w.write(': ping\n\n')), 20000);
