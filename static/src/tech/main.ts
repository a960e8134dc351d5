// What a script adds to the technician's page: ten seconds to change one's mind, a queue for places without signal,
// and the page kept fresh. The HTML comes from the server each time; nothing is drawn here.
import './tech.css';
import { freshKey } from '../api/key';
import { addTo, flush, readQueue, removeFrom, standing, type Outcome, type Store, type Waiting } from './queue';

const UNDO_MS = 10_000;
const REFRESH_MS = 60_000;
const token = /\/t\/([^/?#]+)/.exec(location.pathname)?.[1] ?? '';
// Kept under a part of the token only: enough to tell links apart, too little to be one.
const KEY = `tournee.waiting.${token.slice(-12)}`;
const store: Store = {
  read: () => localStorage.getItem(KEY),
  write: (value) => localStorage.setItem(KEY, value),
};

interface Words {
  undo: string;
  waiting: string;
  waiting_one: string;
  stale: string;
  status: Record<string, string>;
}

const all = <T extends HTMLElement>(selector: string): T[] => [...document.querySelectorAll<T>(selector)];
const one = <T extends HTMLElement>(selector: string): T | null => document.querySelector<T>(selector);
const words = (): Words => JSON.parse(one('[data-page]')?.dataset['words'] ?? '{}') as Words;

let lastFresh = Date.now();
let offline = false;
let undoTimer: ReturnType<typeof setInterval> | undefined;

/** Shows where each job stands with what waits counted in, and the one step that comes next. */
function arrange(): void {
  const queue = readQueue(store);
  const say = words();
  const undoing = queue.find((waiting) => waiting.due > Date.now());
  let current: string | null = null;
  const open = all('.jobs > .job').filter((job) => !job.closest('.past'));
  const standings = open.map((job) => {
    const server = job.dataset['server'] ?? (job.dataset['server'] = job.dataset['status'] ?? '');
    const status = standing(queue, job.dataset['job'] ?? '', server);
    job.dataset['status'] = status;
    const label = job.querySelector<HTMLElement>('[data-status-words]');
    if (label) label.textContent = say.status[status] ?? status;
    return status;
  });
  const started = standings.findIndex((status) => status === 'en_route' || status === 'on_site');
  const at = started >= 0 ? started : standings.indexOf('planned');
  open.forEach((job, i) => {
    const was = job.classList.contains('now');
    job.classList.toggle('now', i === at);
    if (i === at) current = job.dataset['job'] ?? null;
    const details = job.querySelector('details');
    if (details && was !== (i === at)) details.open = i === at;
  });
  for (const form of all<HTMLFormElement>('form[data-step]')) {
    form.hidden = !!undoing || form.dataset['step'] !== current || form.dataset['from'] !== standings[at];
  }
  showUndo(undoing ?? null, say);
  showBanner(queue, say);
}

function showUndo(waiting: Waiting | null, say: Words): void {
  const bar = one('[data-undo]');
  if (!bar) return;
  bar.hidden = !waiting;
  clearInterval(undoTimer);
  if (!waiting) return;
  const text = one('[data-undo-words]');
  const life = one('[data-undo-life]');
  const draw = (): void => {
    const left = Math.max(0, waiting.due - Date.now());
    if (text) {
      text.textContent = say.undo
        .replace('{step}', say.status[waiting.status] ?? '')
        .replace('{s}', String(Math.ceil(left / 1000)));
    }
    if (life) life.style.transform = `scaleX(${left / UNDO_MS})`;
    if (left <= 0) {
      clearInterval(undoTimer);
      void send();
    }
  };
  draw();
  undoTimer = setInterval(draw, 250);
}

function showBanner(queue: Waiting[], say: Words): void {
  const banner = one('[data-offline]');
  if (!banner) return;
  const waiting = queue.filter((entry) => entry.due <= Date.now()).length;
  banner.hidden = !offline && !(waiting > 0 && !navigator.onLine);
  if (banner.hidden) return;
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: 'numeric', minute: '2-digit' });
  banner.textContent =
    waiting === 0
      ? say.stale.replace('{time}', time.format(lastFresh))
      : waiting === 1
        ? say.waiting_one
        : say.waiting.replace('{n}', String(waiting));
}

async function post(waiting: Waiting): Promise<Outcome> {
  try {
    const answer = await fetch(`/t/${token}/jobs/${encodeURIComponent(waiting.job)}/status`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'Idempotency-Key': waiting.key },
      body: JSON.stringify({ status: waiting.status }),
      keepalive: true,
    });
    if (answer.ok) return { kind: 'taken' };
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) return { kind: 'unreachable' };
    const problem = (await answer.json().catch(() => ({}))) as { detail?: string };
    return { kind: 'refused', why: problem.detail ?? String(answer.status) };
  } catch {
    return { kind: 'unreachable' };
  }
}

let sending: Promise<void> | null = null;

/** Sends what is due, one run at a time, then shows what the server makes of it. */
function send(): Promise<void> {
  sending ??= (async () => {
    const result = await flush(store, Date.now(), post);
    offline = result.stuck;
    const refused = one('[data-refused]');
    if (refused && result.refused.length) {
      refused.hidden = false;
      refused.textContent = result.refused.join(' ');
    }
    if (result.sent || result.refused.length) await refresh();
    arrange();
  })().finally(() => {
    sending = null;
  });
  return sending;
}

/** Fetches the page anew and swaps its parts; what the technician had opened stays open. */
async function refresh(): Promise<void> {
  // Whoever is writing a reason keeps it; the next look comes soon.
  const typed = document.activeElement;
  if (typed instanceof HTMLInputElement && typed.value) return;
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: 'text/html' }, cache: 'no-store' });
    if (answer.status >= 500) throw new Error(String(answer.status));
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const opened = new Set(all('.job:has(details[open])').map((job) => job.dataset['job']));
    for (const part of ['.day', '[data-page]', '[data-act]']) {
      const fresh = next.querySelector(part);
      const old = one(part);
      if (!fresh) {
        // The link has run out: the server's own page says so.
        location.reload();
        return;
      }
      old?.replaceWith(fresh);
    }
    for (const job of all('.job')) {
      const details = job.querySelector('details');
      if (details && opened.has(job.dataset['job'])) details.open = true;
    }
    lastFresh = Date.now();
    offline = false;
  } catch {
    offline = true;
  }
  mapLinks();
  arrange();
}

/** Android's `geo:` lets the person's own map app answer. */
function mapLinks(): void {
  if (!/Android/i.test(navigator.userAgent)) return;
  for (const link of all<HTMLAnchorElement>('a[data-lat]')) {
    const at = `${link.dataset['lat']},${link.dataset['lon']}`;
    link.href = `geo:${at}?q=${at}`;
  }
}

document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement;
  const job = form.dataset['step'];
  if (!job) return;
  event.preventDefault();
  const status = (event.submitter as HTMLButtonElement | null)?.value ?? form.dataset['to'] ?? '';
  const now = Date.now();
  addTo(store, { key: freshKey(), job, status, at: now, due: now + UNDO_MS });
  const refused = one('[data-refused]');
  if (refused) refused.hidden = true;
  arrange();
});

document.addEventListener('click', (event) => {
  if (!(event.target as HTMLElement).closest('[data-undo-button]')) return;
  for (const waiting of readQueue(store)) if (waiting.due > Date.now()) removeFrom(store, waiting.key);
  arrange();
});

/** Leaving the page is not undoing: what was pressed leaves with it. */
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') {
    store.write(JSON.stringify(readQueue(store).map((entry) => ({ ...entry, due: Math.min(entry.due, Date.now()) }))));
    void send();
  } else {
    void send().then(refresh);
  }
});
window.addEventListener('online', () => void send().then(refresh));
window.addEventListener('offline', () => {
  offline = true;
  arrange();
});

let soon: ReturnType<typeof setTimeout> | undefined;
function listen(): void {
  const events = new EventSource(`/t/${token}/events`);
  const heard = (): void => {
    clearTimeout(soon);
    soon = setTimeout(() => void refresh(), 400);
  };
  events.onmessage = heard;
  const types = 'changed resync job.assigned job.moved job.unassigned job.updated job.status job.cancelled route.etas';
  for (const type of types.split(' ')) events.addEventListener(type, heard);
}

mapLinks();
arrange();
void send();
listen();
setInterval(() => {
  void send();
  if (document.visibilityState === 'visible' && Date.now() - lastFresh > REFRESH_MS) void refresh();
}, 15_000);
