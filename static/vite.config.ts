// How the screens are built: three entries, one manifest, assets under /assets/.
// The Rust side (src/assets.rs) serves dist/ and reads manifest.json to link the two server-rendered pages.
import { defineConfig } from 'vitest/config';
import vue from '@vitejs/plugin-vue';
import { background } from './build/background.ts';

export default defineConfig({
  base: '/assets/',
  plugins: [vue(), background()],
  // What the screens do not use of their libraries is left out of them.
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  build: {
    assetsDir: '.',
    manifest: 'manifest.json',
    sourcemap: false,
    // Phones in vans live long: the two public pages must run on browsers of 2020.
    target: ['es2020', 'chrome87', 'firefox85', 'safari14'],
    rollupOptions: {
      input: { ops: 'ops.html', tech: 'src/tech/main.ts', track: 'src/track/main.ts' },
    },
    chunkSizeWarningLimit: 1200,
  },
  server: {
    proxy: Object.fromEntries(
      ['/auth', '/dispatch', '/jobs', '/outbox', '/sse', '/ops/config', '/t', '/track', '/health', '/technicians'].map(
        (path) => [path, 'http://127.0.0.1:3300'],
      ),
    ),
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'], setupFiles: ['src/words/whole.ts'] },
});
