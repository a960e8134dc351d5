// Suggest, and auto-assign of one job, over HTTP among 50 technicians with 10 visits each, one request at a time.
// GET /health before each call says how long the machine takes for nothing.
import { found, must, shown, spread, start } from './server.mjs'

const CALLS = Number(process.env.CALLS ?? 500)
const GOAL_MS = 5

const server = await start({ clock: '2026-11-23T11:00:00Z' })
const company = await found(server, { technicians: 50, visits: 10, first: '2026-11-23T12:00:00Z', pool: 100 })
const measured = {
  'POST /dispatch/suggest': (job_id) => must(server, 'POST', '/dispatch/suggest', { job_id, from: '2026-11-23T11:00:00Z' }),
  'POST /dispatch/auto-assign, preview': (job_id) => must(server, 'POST', '/dispatch/auto-assign', { date: '2026-11-23', job_ids: [job_id] }),
}
for (const [name, run] of Object.entries(measured)) {
  const took = []
  const idle = []
  for (let n = 0; n < CALLS + 50; n += 1) {
    const before = performance.now()
    await must(server, 'GET', '/health')
    const began = performance.now()
    if (n >= 50) idle.push(began - before)
    await run(company.pool[n % company.pool.length])
    if (n >= 50) took.push(performance.now() - began)
  }
  const all = spread(took)
  console.log(`${name}: ${shown(all)}; ${all.p99 < GOAL_MS ? 'within' : 'BEYOND'} ${GOAL_MS} ms at p99`)
  console.log(`  GET /health between them: ${shown(spread(idle))}`)
}
await server.stop()
process.exit(0)
