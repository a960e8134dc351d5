// GET /search among 7,000 customers and 100,000 jobs, one request at a time, by what callers say first.
// The folder is made by `numbers fill FOLDER 7000 100000`; with TOURNEE_BENCH_POSTGRES, that database is searched, which
// `numbers fill FOLDER 7000 100000 "$TOURNEE_BENCH_POSTGRES"` has made.
import { must, newFolder, shown, spread, start } from './server.mjs'

const CALLS = Number(process.env.CALLS ?? 40)
const GOAL_MS = 200
const database = process.env.TOURNEE_BENCH_POSTGRES
const folder = database ? newFolder() : process.argv[2]
if (!folder) throw new Error('say which folder')
const server = await start({ folder, database })
const asked = {
  'a name': (n) => `cliente ${(n * 37) % 7000}`,
  'the beginning of a name, which all bear': () => 'cli',
  'a phone number': (n) => `514 555-${String((n * 37) % 7000).padStart(4, '0')}`,
  'the end of a number': (n) => String((n * 37) % 7000).padStart(4, '0'),
  'an address': (n) => `${(n * 37) % 7000} rue principale, St-Rémi`,
  'a word that every job bears': () => 'panne internet',
  'an id': (n) => `job_bench${String(n * 1000).padStart(10, '0')}`,
  'what is not there': () => 'zzyzx qui ne dit rien',
}
let misses = 0
for (const [what, question] of Object.entries(asked)) {
  const took = []
  let hits = 0
  for (let n = 0; n < CALLS + 3; n += 1) {
    const path = `/search?q=${encodeURIComponent(question(n))}`
    const began = performance.now()
    const answer = await must(server, 'GET', path)
    if (n >= 3) took.push(performance.now() - began)
    hits = answer.items.length
  }
  const all = spread(took)
  if (all.p99 >= GOAL_MS) misses += 1
  console.log(`${what}: ${shown(all)}; ${hits} hits; ${all.p99 < GOAL_MS ? 'within' : 'BEYOND'} ${GOAL_MS} ms at p99`)
}
await server.stop()
process.exit(misses ? 1 : 0)
