// A draft of 400 visits among 50 technicians, looked at and published over HTTP: one request, one commit, one text each.
import { found, must, start } from './server.mjs'

const VISITS = 400
const TECHNICIANS = 50
const GOAL_MS = 1000

const server = await start({ clock: '2026-11-23T11:00:00Z' })
const first = Date.parse('2026-11-23T12:00:00Z')
const company = await found(server, { technicians: TECHNICIANS, visits: 0, first: '2026-11-23T12:00:00Z', pool: VISITS })
const took = { preview: [], publish: [], undo: [] }
for (let round = 0; round < 3; round += 1) {
  if (round === 0) {
    for (const [n, job_id] of company.pool.entries()) {
      const start_at = new Date(first + Math.floor(n / TECHNICIANS) * 3_600_000).toISOString()
      const technician_id = company.technicians[n % TECHNICIANS].id
      await must(server, 'POST', '/dispatch/assign', { job_id, technician_id, start: start_at, draft: 'all' })
    }
  }
  const timed = async (name, path, body) => {
    const began = performance.now()
    const answer = await must(server, 'POST', path, body)
    took[name].push(performance.now() - began)
    return answer
  }
  const day = { date: '2026-11-23', draft: 'all' }
  await timed('preview', '/dispatch/publish', { ...day, mode: 'preview' })
  const { published } = await timed('publish', '/dispatch/publish', day)
  if (published.length !== VISITS) throw new Error(`${published.length} of ${VISITS} were published`)
  // The draft is there again for the next round.
  await timed('undo', '/dispatch/undo', {})
}
const median = (all) => [...all].sort((a, b) => a - b)[1]
for (const [name, all] of Object.entries(took)) {
  const goal = name === 'publish' ? `; ${median(all) < GOAL_MS ? 'within' : 'BEYOND'} ${GOAL_MS} ms` : ''
  console.log(`${name} of ${VISITS} visits: ${median(all).toFixed(0)} ms (${all.map((ms) => ms.toFixed(0)).join(', ')})${goal}`)
}
await server.stop()
process.exit(0)
