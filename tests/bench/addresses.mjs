// GET /addresses over 1,000,000 made addresses (seeded), one request at a time, as the question grows under the fingers.
// The file is made and imported here, into a new folder, or into TOURNEE_BENCH_POSTGRES.
import { execFileSync } from 'node:child_process'
import { createWriteStream, statSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { must, newFolder, shown, spread, start } from './server.mjs'

const COUNT = Number(process.env.ADDRESSES ?? 1_000_000)
const CALLS = Number(process.env.CALLS ?? 40)
const GOAL_MS = 100
const database = process.env.TOURNEE_BENCH_POSTGRES
const folder = newFolder()

// A generator that gives the same numbers in every run (mulberry32).
let seed = 20261121
function chance(end) {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * end)
}
const kinds = ['rue', 'rue', 'rue', 'rue', 'avenue', 'chemin', 'rang', 'montée', 'boulevard', 'place']
const first = 'Saint-|Sainte-|de la |des |du |Grand-|Petit-|Vieux-|Nouveau-|'.split('|')
const syllables = 'bel cha mont ri vè re clo ver gé lau ren ti na pier re ma rie jo lie tte cô té bois franc lac val'.split(' ')
const word = () => Array.from({ length: 2 + chance(3) }, () => syllables[chance(syllables.length)]).join('')
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1)
const towns = Array.from({ length: 900 }, () => `${chance(3) ? 'Saint-' : ''}${capital(word())}`)

const file = join(folder, 'addresses.csv')
const out = createWriteStream(file)
out.write('LON,LAT,NUMBER,STREET,UNIT,CITY,DISTRICT,REGION,POSTCODE,ID,HASH\n')
const known = []
for (let made = 0; made < COUNT; ) {
  const street = `${kinds[chance(kinds.length)]} ${first[chance(first.length)]}${capital(word())}`
  const town = towns[chance(towns.length)]
  const [lon, lat] = [-74.5 + chance(40000) / 10000, 45 + chance(30000) / 10000]
  const doors = Math.min(1 + chance(40), COUNT - made)
  const postcode = `J${chance(10)}${'ABCEGHJKLM'[chance(10)]} ${chance(10)}${'ABCEGHJKLM'[chance(10)]}${chance(10)}`
  for (let n = 0; n < doors; n += 1) {
    const number = 2 + n * 2 + chance(2)
    const line = `${(lon + n / 5000).toFixed(5)},${lat.toFixed(5)},${number},${street},,${town},,QC,${postcode},,\n`
    if (!out.write(line)) await once(out, 'drain')
    if (n === 0 && known.length < 500 && made % 7 < 3) known.push({ number, street, town })
  }
  made += doors
}
out.end()
await once(out, 'finish')

const began = performance.now()
const where = database ? ['--database-url', database] : []
const told = execFileSync(process.env.TOURNEE_BINARY, ['--data', folder, ...where, 'import', 'addresses', file])
const took = (performance.now() - began) / 1000
console.log(`${Math.round(statSync(file).size / 1e6)} MB imported in ${took.toFixed(1)} s: ${told.toString().trim()}`)

const server = await start({ folder, database })
const bare = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
const asked = {
  'three letters and a number': (one) => `${one.number} ${bare(one.street).split(' ').at(-1).replace(/^sainte?-/, '').slice(0, 3)}`,
  'number, kind shortened, street': (one) => `${one.number} ${bare(one.street).replace('chemin', 'ch').replace('boulevard', 'boul')}`,
  'the same and half of the town': (one) => `${one.number} ${bare(one.street)} ${bare(one.town).slice(0, 8)}`,
  'a street without a number': (one) => bare(one.street),
  'words that thousands of streets bear': (one) => `${one.number} rue saint`,
  'the first letter': (one) => `${one.number} ${bare(one.street).slice(0, 1)}`,
  'what is not there': () => 'zzyzx 99 quelque part',
}
let misses = 0
for (const [what, question] of Object.entries(asked)) {
  const times = []
  let right = 0
  for (let n = 0; n < CALLS + 3; n += 1) {
    const one = known[(n * 7) % known.length]
    const path = `/addresses?q=${encodeURIComponent(question(one))}`
    const before = performance.now()
    const { items } = await must(server, 'GET', path)
    if (n < 3) continue
    times.push(performance.now() - before)
    if (items.some((item) => item.street === one.street && item.municipality === one.town)) right += 1
  }
  const all = spread(times)
  if (all.p99 >= GOAL_MS) misses += 1
  const verdict = all.p99 < GOAL_MS ? 'within' : 'BEYOND'
  console.log(`${what}: ${shown(all)}; found among eight ${right}/${CALLS}; ${verdict} ${GOAL_MS} ms at p99`)
}
await server.stop()
process.exit(misses ? 1 : 0)
