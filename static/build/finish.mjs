// Last step of the build: compressed twins of every text asset, and dist/.stamp.
//
// The stamp is the SHA-256, in hex, over the sources in byte order of their paths relative to static/ ('/' separated):
// for each file its path, a zero byte, its bytes, a zero byte. The sources are src/**, *.html, package-lock.json and
// vite.config.ts. build.rs computes the same to notice a stale front end.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const walk = (folder) =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    return entry.isDirectory() ? walk(path) : [path];
  });

const sources = [
  ...walk('src'),
  ...readdirSync(root).filter((name) => name.endsWith('.html')),
  'package-lock.json',
  'vite.config.ts',
].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

const hash = createHash('sha256');
for (const path of sources) {
  hash
    .update(path)
    .update('\0')
    .update(readFileSync(join(root, path)))
    .update('\0');
}

for (const path of walk('dist')) {
  if (!/\.(js|css|html|json|svg)$/.test(path)) continue;
  const bytes = readFileSync(join(root, path));
  if (bytes.length < 512) continue;
  writeFileSync(
    join(root, `${path}.br`),
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
  );
  writeFileSync(join(root, `${path}.gz`), gzipSync(bytes, { level: 9 }));
}
writeFileSync(join(root, 'dist/.stamp'), `${hash.digest('hex')}\n`);
