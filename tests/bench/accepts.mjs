// A hundred technicians accept the same job at once, each by the form of their own page: how long until every one of them has an
// answer, and that one of them, and only one, has the visit.
import { found, must, spread, start } from './server.mjs'
import http from 'node:http'

const CROWD = Number(process.env.CROWD ?? 100)
const ROUNDS = Number(process.env.ROUNDS ?? 10)
const DATE = '2026-11-23'

const server = await start({ port: 3396, clock: `${DATE}T14:00:00Z` })
await found(server, { technicians: CROWD, visits: 0, first: `${DATE}T15:00:00Z`, pool: ROUNDS })
const agent = new http.Agent({ keepAlive: true, maxSockets: CROWD })

/** Sends a form with nothing in it, as the page's button does; resolves with the status and the milliseconds it took. */
function press(path) {
  const began = performance.now()
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': 0, accept: 'application/json' }
    const request = http.request(server.url + path, { method: 'POST', agent, headers }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve({ status: answer.statusCode, ms: performance.now() - began }))
    })
    request.on('error', reject)
    request.end()
  })
}

/** The page of each technician, from the text that carries it. */
async function pagesOf(job) {
  for (let n = 0; n < 100; n += 1) {
    const items = []
    for (let at = ''; at !== null && items.length < 4 * CROWD; ) {
      const page = await must(server, 'GET', `/outbox?limit=200${at && `&cursor=${encodeURIComponent(at)}`}`)
      items.push(...page.items)
      at = page.next
    }
    const mine = items.filter((item) => item.kind === 'job_offered' && item.job_id === job)
    const pages = new Set(mine.map((item) => /\/t\/[\w.~-]+/.exec(item.body)?.[0]).filter(Boolean))
    if (pages.size === CROWD) return [...pages]
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('not everybody was asked')
}

const { items: jobs } = await must(server, 'GET', `/jobs?status=unassigned&limit=${ROUNDS}`)
const { items: crowd } = await must(server, 'GET', `/technicians?limit=${CROWD}`)
const whole = []
let wrong = 0
for (const job of jobs) {
  const offer = await must(server, 'POST', '/offers', { job_id: job.id, waves: [crowd.map((one) => one.id)] })
  const pages = await pagesOf(job.id)
  const answers = await Promise.all(pages.map((page) => press(`${page}/offers/${offer.id}/accept`)))
  whole.push(Math.max(...answers.map((one) => one.ms)))
  const won = answers.filter((one) => one.status < 400).length
  const late = answers.filter((one) => one.status === 409).length
  if (won !== 1 || late !== CROWD - 1) {
    wrong += 1
    console.log(`round ${whole.length}: ${won} winners, ${late} told that it is filled`)
  }
}
const { p50, worst } = spread(whole)
console.log(`${CROWD} accept at once, ${whole.length} rounds, until the last has an answer: median ${p50.toFixed(0)} ms, worst ${worst.toFixed(0)} ms; goal 1000: ${worst < 1000 ? 'met' : 'MISSED'}; one winner in ${whole.length - wrong} of ${whole.length}`)
await server.stop()
process.exit(wrong || worst >= 1000 ? 1 : 0)
