// What a script adds to the customer's page: it stays fresh, and the technician's position moves on a small map of its
// own. The HTML comes from the server each time; nothing is drawn here but the map.
import './track.css';
import type { MapSurface, Point, Scene } from '../map/shapes';

interface Seen {
  lat: number;
  lon: number;
  at: string;
  heading: number | null;
}
interface Page {
  status: string;
  language: 'fr' | 'en';
  technician_first_name: string;
  position: Seen | null;
  destination: { lat: number; lon: number };
  now: string;
}

/** Between two fetches of the page, ms: a fix every few seconds must not fetch it every few seconds. */
const REST_MS = 10_000;
const REFRESH_MS = 60_000;

const one = <T extends HTMLElement>(selector: string): T | null => document.querySelector<T>(selector);
const token = one('[data-page]')?.dataset['token'];

let map: MapSurface | null = null;
let mapBox: HTMLElement | null = null;
let lastFetch = Date.now();

function readPage(): Page | null {
  const text = document.getElementById('page')?.textContent;
  return text ? (JSON.parse(text) as Page) : null;
}

function sceneOf(page: Page, seen: Seen): Scene {
  const home: Point = [page.destination.lon, page.destination.lat];
  const at: Point = [seen.lon, seen.lat];
  return {
    technicians: [
      {
        id: 't',
        initials: page.technician_first_name.slice(0, 1).toUpperCase(),
        at,
        heading: seen.heading,
        fresh: 1,
        tone: 'moving',
        selected: false,
      },
    ],
    stops: [{ id: 'here', at: home, tone: 'soon', selected: true, next: true }],
    routes: [{ id: 'way', points: [at, home], selected: true }],
    bases: [],
  };
}

/** The map's code comes only when there is something to show on it. */
async function showMap(page: Page): Promise<void> {
  const box = one('[data-map]');
  const seen = page.position;
  if (!box || !seen) {
    map?.destroy();
    map = null;
    return;
  }
  const scene = sceneOf(page, seen);
  const points: Point[] = [
    [seen.lon, seen.lat],
    [page.destination.lon, page.destination.lat],
  ];
  if (!map || mapBox !== box) {
    const [{ plainMap }, { default: background }] = await Promise.all([
      import('../map/plain'),
      import('virtual:background'),
    ]);
    map?.destroy();
    map = plainMap({ container: box, centre: points[1] as Point, zoom: 10, background, onPick: () => undefined });
    mapBox = box;
  }
  map.draw(scene);
  map.fit(points);
}

/** Fetches the page anew and swaps its content; the map's box is carried over, so that it does not blink. */
async function refresh(): Promise<void> {
  lastFetch = Date.now();
  const banner = one('[data-offline]');
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: 'text/html' }, cache: 'no-store' });
    if (answer.status >= 500) throw new Error(String(answer.status));
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = next.querySelector<HTMLElement>('main');
    if (!fresh || !next.getElementById('page')) {
      // Over, or revoked: the server's own page says which.
      location.reload();
      return;
    }
    const data = next.getElementById('page');
    if (data) document.getElementById('page')?.replaceWith(data);
    const box = fresh.querySelector('[data-map]');
    if (box && mapBox) box.replaceWith(mapBox);
    one('main')?.replaceWith(fresh);
    document.title = next.title;
    if (banner) banner.hidden = true;
    const page = readPage();
    if (page) await showMap(page);
  } catch {
    if (banner) banner.hidden = false;
  }
}

function listen(): void {
  const events = new EventSource(`/track/${token}/events`);
  let waiting: ReturnType<typeof setTimeout> | undefined;
  events.addEventListener('track', (event) => {
    const page = JSON.parse((event as MessageEvent<string>).data) as Page;
    const before = readPage();
    void showMap(page);
    // A new state is shown at once; a mere new position with the next breath.
    const rest = page.status === before?.status ? Math.max(0, lastFetch + REST_MS - Date.now()) : 0;
    clearTimeout(waiting);
    waiting = setTimeout(() => void refresh(), rest);
  });
}

if (token) {
  const page = readPage();
  if (page) void showMap(page);
  listen();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void refresh();
  });
  setInterval(() => {
    if (document.visibilityState === 'visible' && Date.now() - lastFetch > REFRESH_MS) void refresh();
  }, 15_000);
}
