// An invented company for the mock server: technicians, jobs and a plan for one day. Seeded; same numbers every time.
const FIRST =
  'Ana Luc Marie Jean Sophie Marc Julie Éric Nadia Paul Karine Hugo Lise Yves Rosa Omar Chloé Denis Maude Félix'.split(
    ' ',
  );
const LAST =
  'Roy Côté Tremblay Gagnon Bouchard Lavoie Pelletier Fortin Caron Poirier Brisebois Leduc Dagenais Primeau'.split(' ');
const TOWNS = [
  ['Hemmingford', 45.05, -73.59],
  ['Huntingdon', 45.09, -74.17],
  ['Ormstown', 45.13, -74.0],
  ['Saint-Rémi', 45.26, -73.62],
  ['Lacolle', 45.08, -73.37],
  ['Napierville', 45.19, -73.4],
  ['Franklin', 45.03, -73.92],
  ['Saint-Chrysostome', 45.1, -73.77],
];
const TITLES = [
  'Installation fibre',
  'Panne d’Internet',
  'Échange de modem',
  'Câble de raccordement',
  'Ligne d’affaires',
  'Antenne à redresser',
];
export const TAGS = ['Fibre', 'Cuivre', 'TV', 'Réseau'];

export function random(seed) {
  let s = seed;
  return () => {
    s = (s * 1664525 + 1013904223) % 4294967296;
    return s / 4294967296;
  };
}

export function company({ date = '2026-11-23', now, technicians = 46, seed = 7 }) {
  const r = random(seed);
  const pick = (list) => list[Math.floor(r() * list.length)];
  const at = (min) => new Date(Date.parse(`${date}T05:00:00Z`) + min * 60000).toISOString();
  const nowMin = (Date.parse(now) - Date.parse(`${date}T05:00:00Z`)) / 60000;
  let count = 0;
  const job = (over) => {
    count += 1;
    const [town, lat, lon] = pick(TOWNS);
    const customer = `${pick(FIRST)} ${pick(LAST)}`;
    return {
      id: `job_${count}`,
      status: 'unassigned',
      customer_id: `cust_${count}`,
      location_id: `loc_${count}`,
      title: pick(TITLES),
      kind: 'repair',
      duration_min: pick([30, 45, 60, 60, 90, 120]),
      priority: pick(['low', 'normal', 'normal', 'normal', 'high', 'urgent']),
      skills: [{ tag: pick(TAGS), level: 1 + Math.floor(r() * 4), required: true }],
      arrival_window:
        r() < 0.7 ? { start: at(480 + 60 * Math.floor(r() * 8)), end: at(600 + 60 * Math.floor(r() * 8)) } : null,
      visit: null,
      version: count,
      customer_name: customer,
      customer_phone: `+14505550${100 + (count % 100)}`,
      customer_language: r() < 0.8 ? 'fr' : 'en',
      address: `${Math.floor(r() * 900) + 10} rue Frontière, ${town}`,
      lat: lat + (r() - 0.5) * 0.08,
      lon: lon + (r() - 0.5) * 0.12,
      notes: r() < 0.2 ? 'Sonner à la porte de côté.' : null,
      ...over,
    };
  };
  const people = Array.from({ length: technicians }, (_, i) => {
    const [, lat, lon] = pick(TOWNS);
    const start = 480 + 30 * Math.floor(r() * 2);
    const visits = [];
    let t = start + 20 + Math.floor(r() * 20);
    const late = r() < 0.16 ? 15 + Math.floor(r() * 30) : Math.floor(r() * 4);
    while (t < 960) {
      const travel = 8 + Math.floor(r() * 22);
      t += travel;
      const one = job();
      if (t + one.duration_min > 1000) break;
      const end = t + one.duration_min;
      const status =
        end < nowMin - 5
          ? 'done'
          : t < nowMin
            ? r() < 0.8
              ? 'on_site'
              : 'en_route'
            : visits.at(-1)?.status === 'done'
              ? 'en_route'
              : 'planned';
      const expected = Math.max(t + late, status === 'en_route' ? nowMin + 4 : 0);
      const eta =
        status === 'planned' || status === 'en_route'
          ? { at: at(expected), low: at(expected - 4), high: at(expected + 9) }
          : null;
      const window = { start: at(Math.floor(t / 30) * 30), end: at(Math.floor(t / 30) * 30 + (r() < 0.3 ? 30 : 90)) };
      const visit = {
        id: `visit_${count}`,
        technician_id: `tech_${i + 1}`,
        start: at(t),
        end: at(end),
        status,
        pinned: r() < 0.1,
        eta,
        travel_min: travel,
        promise: { number: 1, ...window, told_at: at(420) },
      };
      visits.push({ ...visit, job_id: one.id, job: { ...one, status, visit, arrival_window: window } });
      t = end + (r() < 0.15 ? 45 : 4);
    }
    return {
      id: `tech_${i + 1}`,
      name: `${FIRST[i % FIRST.length]} ${LAST[(i * 5 + Math.floor(i / FIRST.length)) % LAST.length]}`,
      language: 'fr',
      shifts: [{ start: at(start), end: at(start + 510) }],
      absences: i === 7 ? [{ start: at(420), end: at(1200) }] : [],
      skills: TAGS.slice(0, 1 + Math.floor(r() * 4)).map((tag) => ({ tag, level: 1 + Math.floor(r() * 5) })),
      home: { lat, lon, address: `Base de ${pick(TOWNS)[0]}` },
      position:
        i === 7
          ? null
          : {
              lat: lat + (r() - 0.5) * 0.2,
              lon: lon + (r() - 0.5) * 0.3,
              at: new Date(Date.parse(now) - Math.floor(r() * (r() < 0.1 ? 900000 : 40000))).toISOString(),
              heading: r() * 360,
              speed_kmh: r() < 0.6 ? 70 : 0,
            },
      visits: i === 7 ? [] : visits,
    };
  });
  const pool = Array.from({ length: 18 }, () => job());
  return { seq: 4000, date, technicians: people, pool, drafts: [] };
}
