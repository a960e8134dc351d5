// What a phone loads for `/t/` the first time, counted as it comes over the wire, and how much JavaScript of ours
// the board needs before its timeline is usable.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { ask, found, must, start } from './server.mjs'

const LIMIT_KB = 150
const DIST = 'static/dist'

function verdict(name, bytes) {
  const kb = bytes / 1000
  console.log(`${name}: ${kb.toFixed(1)} kB; limit ${LIMIT_KB}: ${kb < LIMIT_KB ? 'met' : 'MISSED'}`)
}

/** Files that a style sheet's page needs for Latin letters. */
function fonts(css) {
  const faces = css.match(/@font-face\s*{[^}]*}/g) ?? []
  const needed = faces.filter((face) => !/unicode-range/.test(face) || /unicode-range:[^;}]*U\+(0000|0-|00)/i.test(face))
  return needed.flatMap((face) => [...face.matchAll(/url\(["']?([^"')]+)/g)].map((match) => match[1]))
}

async function page() {
  const server = await start({ clock: '2026-11-23T12:00:00Z' })
  await found(server, { technicians: 1, visits: 6, first: '2026-11-23T13:00:00Z' })
  await new Promise((resolve) => setTimeout(resolve, 1500))
  const outbox = JSON.stringify(await must(server, 'GET', '/outbox'))
  const path = /\/t\/[A-Za-z0-9_.\-]+/.exec(outbox)?.[0]
  if (!path) throw new Error('no link to a technician page in the outbox')
  const seen = new Set()
  let total = 0
  const load = async (address) => {
    const { pathname } = new URL(address, server.url + path)
    if (address.startsWith('data:') || seen.has(pathname)) return
    seen.add(pathname)
    const answer = await ask(server.url, 'GET', pathname, undefined, { 'accept-encoding': 'br, gzip' })
    const plain = await ask(server.url, 'GET', pathname, undefined, { 'accept-encoding': 'identity' })
    if (answer.status !== 200) throw new Error(`${pathname}: ${answer.status}`)
    const text = plain.bytes.toString()
    total += answer.bytes.length
    console.log(`  ${(pathname.startsWith('/t/') ? '/t/…' : pathname).padEnd(48)} ${answer.bytes.length} bytes, ${answer.headers['content-encoding'] ?? 'plain'}`)
    const next = pathname.endsWith('.css')
      ? fonts(text).map((font) => new URL(font, server.url + pathname).pathname)
      : pathname.endsWith('.js')
        ? imports(text).map((file) => new URL(file, server.url + pathname).pathname)
        : [...text.matchAll(/<(?:link|script|img)[^>]+(?:href|src)="([^"]+)"/g)].map((match) => match[1])
    for (const one of next) await load(one)
  }
  await load(path)
  verdict('first load of /t/, over the wire', total)
  await server.stop()
}

/** What a module imports at once, not later. */
function imports(text) {
  return [...text.matchAll(/(?:from|import)\s*["'](\.[^"']+\.js)["']/g)].map((match) => match[1])
}

function board() {
  const html = readFileSync(`${DIST}/ops.html`, 'utf8')
  const queue = [...html.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map((match) => match[1].split('/').pop())
  const seen = new Set()
  let total = 0
  while (queue.length) {
    const file = queue.pop()
    if (seen.has(file)) continue
    seen.add(file)
    const text = readFileSync(`${DIST}/${file}`, 'utf8')
    total += gzipSync(text, { level: 9 }).length
    queue.push(...imports(text).map((name) => name.split('/').pop()))
  }
  const map = [...seen].filter((file) => readFileSync(`${DIST}/${file}`, 'utf8').includes('maplibre'))
  verdict(`the board's own JavaScript, gzipped (${seen.size} files)`, total)
  console.log(`the map is ${map.length ? `IN THE FIRST LOAD: ${map}` : 'loaded later, in files of its own'}`)
}

board()
await page()
process.exit(0)
