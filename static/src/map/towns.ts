// Names on the offline map: places of the region that a dispatcher steers by. Coordinates are of their centres.
// `rank` 1 shows from afar, 2 from nearer.
import type { Point } from './shapes';

export interface Town {
  name: string;
  at: Point;
  rank: 1 | 2;
}

export const TOWNS: Town[] = [
  { name: 'Montréal', at: [-73.57, 45.5], rank: 1 },
  { name: 'Salaberry-de-Valleyfield', at: [-74.13, 45.25], rank: 1 },
  { name: 'Saint-Jean-sur-Richelieu', at: [-73.26, 45.31], rank: 1 },
  { name: 'Québec', at: [-71.21, 46.81], rank: 1 },
  { name: 'Trois-Rivières', at: [-72.54, 46.34], rank: 1 },
  { name: 'Sherbrooke', at: [-71.89, 45.4], rank: 1 },
  { name: 'Ottawa', at: [-75.7, 45.42], rank: 1 },
  { name: 'Plattsburgh', at: [-73.45, 44.7], rank: 1 },
  { name: 'Châteauguay', at: [-73.75, 45.38], rank: 2 },
  { name: 'Beauharnois', at: [-73.87, 45.31], rank: 2 },
  { name: 'Huntingdon', at: [-74.17, 45.09], rank: 2 },
  { name: 'Ormstown', at: [-74.0, 45.13], rank: 2 },
  { name: 'Hemmingford', at: [-73.59, 45.05], rank: 2 },
  { name: 'Napierville', at: [-73.4, 45.19], rank: 2 },
  { name: 'Saint-Rémi', at: [-73.62, 45.26], rank: 2 },
  { name: 'Lacolle', at: [-73.37, 45.08], rank: 2 },
  { name: 'Franklin', at: [-73.92, 45.03], rank: 2 },
  { name: 'Saint-Chrysostome', at: [-73.77, 45.1], rank: 2 },
  { name: 'Havelock', at: [-73.75, 45.05], rank: 2 },
  { name: 'Sainte-Martine', at: [-73.8, 45.25], rank: 2 },
  { name: 'Howick', at: [-73.85, 45.18], rank: 2 },
  { name: 'Saint-Anicet', at: [-74.36, 45.14], rank: 2 },
  { name: 'Sherrington', at: [-73.52, 45.17], rank: 2 },
  { name: 'Hinchinbrooke', at: [-74.06, 45.02], rank: 2 },
  { name: 'Mercier', at: [-73.75, 45.32], rank: 2 },
];
