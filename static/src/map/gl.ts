// The same scene through MapLibre: streets from a style URL where one is set, else the offline background.
// One GeoJSON source per kind of thing; a technician is a symbol whose image is drawn by marker.ts, never a DOM element.
import {
  AttributionControl,
  Map as GlMap,
  setWorkerUrl,
  type GeoJSONSource,
  type PointLike,
  type StyleSpecification,
  type SymbolLayerSpecification,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import 'maplibre-gl/dist/maplibre-gl.css';
import { drawBase, drawTechnician, MARKER_GAP, MARKER_REACH, paletteOf, toneOf, type Palette } from './marker';
import {
  boxOf,
  crowdedOut,
  EMPTY_SCENE,
  NEAR_ZOOM,
  rankOf,
  type Background,
  type Hit,
  type MapOptions,
  type MapSurface,
  type Point,
  type Scene,
} from './shapes';
import { TOWNS } from './towns';

setWorkerUrl(workerUrl);

type Feature = GeoJSON.Feature;
const collection = (features: Feature[]): GeoJSON.FeatureCollection => ({ type: 'FeatureCollection', features });
const feature = (geometry: GeoJSON.Geometry, properties: Record<string, unknown> = {}): Feature => ({
  type: 'Feature',
  geometry,
  properties,
});
const areas = (rings: Point[][]): GeoJSON.FeatureCollection =>
  // A GeoJSON ring ends where it began; the clipped outlines leave that point out.
  collection(rings.map((ring) => feature({ type: 'Polygon', coordinates: [[...ring, ring[0] as Point]] })));
const lines = (runs: Point[][]): GeoJSON.FeatureCollection =>
  collection(runs.map((run) => feature({ type: 'LineString', coordinates: run })));

function offlineStyle(background: Background, palette: Palette): StyleSpecification {
  const source = (data: GeoJSON.FeatureCollection) => ({ type: 'geojson' as const, data });
  return {
    version: 8,
    sources: {
      world: source(areas(background.world)),
      land: source(areas(background.land)),
      lakes: source(areas(background.lakes)),
      rivers: source(lines(background.rivers)),
      borders: source(lines(background.borders)),
      towns: source(
        collection(
          TOWNS.map((town) =>
            feature({ type: 'Point', coordinates: town.at }, { image: `town-${town.name}`, rank: town.rank }),
          ),
        ),
      ),
    },
    layers: [
      { id: 'water', type: 'background', paint: { 'background-color': palette.water } },
      { id: 'world', type: 'fill', source: 'world', maxzoom: 5, paint: { 'fill-color': palette.land } },
      { id: 'land', type: 'fill', source: 'land', minzoom: 5, paint: { 'fill-color': palette.land } },
      { id: 'lakes', type: 'fill', source: 'lakes', paint: { 'fill-color': palette.water } },
      { id: 'rivers', type: 'line', source: 'rivers', paint: { 'line-color': palette.water, 'line-width': 3 } },
      {
        id: 'borders',
        type: 'line',
        source: 'borders',
        paint: { 'line-color': palette.line, 'line-dasharray': [4, 3] },
      },
      ...([1, 2] as const).map((rank) => ({
        id: `towns-${rank}`,
        type: 'symbol' as const,
        source: 'towns',
        minzoom: rank === 1 ? 4 : 7.6,
        filter: ['==', ['get', 'rank'], rank] as never,
        layout: { 'icon-image': ['get', 'image'] as never, 'icon-padding': 4 },
      })),
    ],
  };
}

const RATIO = 2;

/** Pictures that all stand, the more important above the others. */
const pins: NonNullable<SymbolLayerSpecification['layout']> = {
  'icon-image': ['get', 'image'],
  'icon-allow-overlap': true,
  'icon-ignore-placement': true,
  'symbol-sort-key': ['get', 'order'],
};

/** Draws on a scratch canvas of `w` × `h` CSS px and gives the pixels. */
function picture(w: number, h: number, draw: (c: CanvasRenderingContext2D) => void): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = w * RATIO;
  canvas.height = h * RATIO;
  const c = canvas.getContext('2d') as CanvasRenderingContext2D;
  c.scale(RATIO, RATIO);
  draw(c);
  return c.getImageData(0, 0, canvas.width, canvas.height);
}

function townPicture(name: string, palette: Palette): ImageData {
  return picture(name.length * 7 + 12, 30, (c) => {
    const x = (name.length * 7 + 12) / 2;
    c.font = '500 11px "Inter Variable", system-ui, sans-serif';
    c.textAlign = 'center';
    c.lineWidth = 3;
    c.strokeStyle = palette.land;
    c.strokeText(name, x, 9);
    c.fillStyle = palette.label;
    c.fillText(name, x, 9);
    c.beginPath();
    c.arc(x, 15, 2, 0, Math.PI * 2);
    c.fill();
  });
}

export function glMap(options: MapOptions & { styleUrl: string | null }): MapSurface {
  let palette = paletteOf(options.container);
  let scene: Scene = EMPTY_SCENE;
  let ready = false;
  const map = new GlMap({
    container: options.container,
    style: options.styleUrl ?? offlineStyle(options.background, palette),
    center: options.centre,
    zoom: options.zoom,
    attributionControl: false,
    dragRotate: false,
    // A drag with Shift is a frame around visits, not a zoom.
    boxZoom: false,
    pitchWithRotate: false,
    maxZoom: 17,
    // Names that fade in would have every van that moves paint the map for a third of a second.
    fadeDuration: 0,
  });
  map.touchZoomRotate.disableRotation();
  // The canvas can be panned with arrows; what it shows stands in the table beside it.
  map.getCanvas().setAttribute('aria-hidden', 'true');
  map.getCanvas().tabIndex = -1;
  if (options.styleUrl) map.addControl(new AttributionControl({ compact: true }));

  /** What each source holds, as text: most draws change one of them. */
  const held = new Map<string, string>();
  const data = (id: string, features: Feature[]): void => {
    const next = collection(features);
    const text = JSON.stringify(next);
    if (held.get(id) === text) return;
    held.set(id, text);
    (map.getSource(id) as GeoJSONSource | undefined)?.setData(next);
  };

  const point = (at: Point, properties: Record<string, unknown>): Feature =>
    feature({ type: 'Point', coordinates: at }, properties);

  function imageOf(who: Scene['technicians'][number]): string {
    const heading = who.heading === null ? null : Math.round(who.heading / 15) * 15;
    const fresh = Math.round(who.fresh * 4) / 4;
    const id = `who-${who.initials}-${heading}-${fresh}-${who.tone}-${who.selected}`;
    if (!map.hasImage(id)) {
      const side = MARKER_REACH * 2;
      const pixels = picture(side, side, (c) =>
        drawTechnician(c, MARKER_REACH, MARKER_REACH, { ...who, heading, fresh }, palette),
      );
      map.addImage(id, pixels, { pixelRatio: RATIO });
    }
    return id;
  }

  function baseImage(base: Scene['bases'][number]): string {
    const id = `home-${base.initials}-${base.selected}-${base.moving}`;
    if (!map.hasImage(id)) {
      const pixels = picture(28, 28, (c) => drawBase(c, 14, 14, base, palette));
      map.addImage(id, pixels, { pixelRatio: RATIO });
    }
    return id;
  }

  function show(): void {
    if (!ready) return;
    data(
      'zones',
      (scene.zones ?? []).map((z) => feature({ type: 'Polygon', coordinates: z.rings }, { colour: z.colour })),
    );
    data(
      'routes',
      scene.routes.map((r) => feature({ type: 'LineString', coordinates: r.points }, { selected: r.selected })),
    );
    data(
      'stops',
      scene.stops.map((s) =>
        point(s.at, {
          id: s.id,
          colour: s.tone === 'pool' ? palette.surface : palette[s.tone],
          edge: s.selected ? palette.accent : s.tone === 'pool' ? palette.pool : palette.surface,
          radius: s.selected ? 7 : s.next ? 5 : 3.5,
        }),
      ),
    );
    data(
      'bases',
      scene.bases.map((b) => point(b.at, { id: b.id, image: baseImage(b), order: b.moving ? 2 : b.selected ? 1 : 0 })),
    );
    data(
      'chosen',
      scene.stops.filter((s) => s.selected).map((s) => point(s.at, {})),
    );
    showTechnicians();
  }

  /** Badges, and dots for those whom a badge would hide at this zoom. */
  function showTechnicians(): void {
    if (!ready) return;
    const placed = scene.technicians.map((w) => ({ id: w.id, ...pixel(w.at), rank: rankOf(w) }));
    const dots = crowdedOut(placed, MARKER_GAP);
    const [small, full] = [true, false].map((isDot) => scene.technicians.filter((w) => dots.has(w.id) === isDot));
    data(
      'dots',
      (small ?? []).map((w) => point(w.at, { id: w.id, colour: toneOf(w.tone, palette) })),
    );
    data(
      'technicians',
      (full ?? []).map((w) => point(w.at, { id: w.id, image: imageOf(w), order: w.selected ? 1 : 0 })),
    );
  }
  const pixel = (at: Point): { x: number; y: number } => {
    const { x, y } = map.project(at);
    return { x, y };
  };

  function addLayers(): void {
    held.clear();
    for (const id of ['zones', 'routes', 'stops', 'bases', 'dots', 'technicians', 'chosen']) {
      map.addSource(id, { type: 'geojson', data: collection([]) });
    }
    map.addLayer({
      id: 'zones',
      type: 'fill',
      source: 'zones',
      paint: { 'fill-color': ['get', 'colour'], 'fill-opacity': 0.16 },
    });
    map.addLayer({
      id: 'zone-borders',
      type: 'line',
      source: 'zones',
      paint: { 'line-color': ['get', 'colour'], 'line-width': 1.5, 'line-dasharray': [4, 2] },
    });
    map.addLayer({
      id: 'routes',
      type: 'line',
      source: 'routes',
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: {
        'line-color': ['case', ['get', 'selected'], palette.accent, palette.soft],
        'line-width': ['case', ['get', 'selected'], 2.25, 1],
        'line-opacity': ['case', ['get', 'selected'], 0.9, 0.28],
      },
    });
    map.addLayer({ id: 'bases', type: 'symbol', source: 'bases', layout: pins });
    map.addLayer({
      id: 'stops',
      type: 'circle',
      source: 'stops',
      paint: {
        'circle-radius': ['get', 'radius'],
        'circle-color': ['get', 'colour'],
        'circle-stroke-width': 1.5,
        'circle-stroke-color': ['get', 'edge'],
      },
    });
    map.addLayer({
      id: 'dots',
      type: 'circle',
      source: 'dots',
      paint: {
        'circle-radius': 4,
        'circle-color': ['get', 'colour'],
        'circle-stroke-color': palette.surface,
        'circle-stroke-width': 1.5,
      },
    });
    map.addLayer({
      id: 'technicians',
      type: 'symbol',
      source: 'technicians',
      layout: pins,
    });
    map.addLayer({
      id: 'chosen',
      type: 'circle',
      source: 'chosen',
      paint: {
        'circle-radius': 14,
        'circle-color': palette.accent,
        'circle-opacity': 0.12,
        'circle-stroke-color': palette.accent,
        'circle-stroke-width': 3,
      },
    });
  }

  map.setMissingStyleImageResolver((id) => {
    if (id.startsWith('town-')) map.addImage(id, townPicture(id.slice(5), palette), { pixelRatio: RATIO });
  });
  map.on('style.load', () => {
    addLayers();
    ready = true;
    show();
  });
  map.on('zoomend', showTechnicians);
  const { onHover, onMoved } = options;
  if (onHover) {
    map.on('mousemove', ({ lngLat }) => onHover([lngLat.lng, lngLat.lat]));
    map.on('mouseout', () => onHover(null));
  }
  if (onMoved) map.on('move', onMoved);
  function hitAt({ x, y }: { x: number; y: number }): Hit {
    const around = 8;
    const box: [PointLike, PointLike] = [
      [x - around, y - around],
      [x + around, y + around],
    ];
    const [hit] = ready ? map.queryRenderedFeatures(box, { layers: ['technicians', 'dots', 'stops', 'bases'] }) : [];
    const id = hit?.properties['id'] as string | undefined;
    if (!hit || id === undefined) return {};
    if (hit.layer.id === 'bases') return { base: id };
    return hit.layer.id === 'stops' ? { stop: id } : { technician: id };
  }
  map.on('click', (event) => {
    options.onPoint?.([event.lngLat.lng, event.lngLat.lat]);
    options.onPick(hitAt(event.point));
  });
  const { onMenu } = options;
  if (onMenu)
    map.on('contextmenu', (event) => {
      event.preventDefault();
      const { clientX, clientY } = event.originalEvent;
      onMenu(hitAt(event.point), { x: clientX, y: clientY });
    });

  return {
    draw: (next) => {
      scene = next;
      show();
    },
    fit: (points) => {
      const box = boxOf(points);
      if (box) map.fitBounds(box, { padding: 36, maxZoom: 12.5, duration: 0 });
    },
    centre: (at) => map.jumpTo({ center: at, zoom: Math.max(map.getZoom(), NEAR_ZOOM) }),
    place: (at) => {
      const { x, y } = pixel(at);
      return [x, y];
    },
    spot: (x, y) => {
      const { lng, lat } = map.unproject([x, y]);
      return [lng, lat];
    },
    recolour: () => {
      palette = paletteOf(options.container);
      if (options.styleUrl) return;
      ready = false;
      for (const id of map.listImages()) if (/^(who|town|home)-/.test(id)) map.removeImage(id);
      map.setStyle(offlineStyle(options.background, palette), { diff: false });
    },
    resize: () => map.resize(),
    destroy: () => map.remove(),
  };
}
