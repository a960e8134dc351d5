/// <reference types="vite/client" />

declare module 'virtual:background' {
  const background: import('./map/shapes').Background;
  export default background;
}
declare module 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url' {
  const url: string;
  export default url;
}
