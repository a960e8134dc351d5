// Position -> RouteEtasChanged on a subscriber's event stream: 46 technicians, each fix moving the ETA by far more
// than two minutes, one fix a second each. The time runs from before the fix is sent until its event has come.
import http from 'node:http'
import { TOKEN, ask, found, shown, spread, start } from './server.mjs'

const TECHNICIANS = 46
const SECONDS = Number(process.env.SECONDS ?? 30)
const GOAL_MS = 50

const server = await start({ clock: '2026-11-23T12:00:00Z' })
const company = await found(server, { technicians: TECHNICIANS, visits: 5, first: '2026-11-23T12:30:00Z' })
const sent = new Map()
const took = []
const nothing = []
let twice = 0

function heard(technician) {
  const at = sent.get(technician)
  if (at === undefined) return (twice += 1)
  sent.delete(technician)
  took.push(performance.now() - at)
}

http.get(`${server.url}/sse?topics=dispatch`, { headers: { authorization: `Bearer ${TOKEN}` } }, (stream) => {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text) => {
    const frames = (rest + text).split('\n\n')
    rest = frames.pop()
    for (const frame of frames) {
      if (!frame.includes('event: route.etas')) continue
      const data = /data: (.*)/.exec(frame)?.[1]
      if (data) heard(JSON.parse(data).data.technician_id)
    }
  })
})
await new Promise((resolve) => setTimeout(resolve, 2000))

let fixes = 0
let late = 0
/** How long the machine takes for nothing, meanwhile. */
async function idle() {
  for (let n = 0; n < SECONDS * 10; n += 1) {
    const began = performance.now()
    await ask(server.url, 'GET', '/health')
    nothing.push(performance.now() - began)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function drive(n) {
  const { id, home } = company.technicians[n]
  const began = performance.now() + (1000 * n) / TECHNICIANS
  for (let second = 0; second < SECONDS; second += 1) {
    await new Promise((resolve) => setTimeout(resolve, began + 1000 * second - performance.now()))
    // Near home the first visit is reached in time; from a degree further north it is not, by an hour.
    const lat = second % 2 ? home.lat : home.lat + 1
    if (sent.has(id)) late += 1
    sent.set(id, performance.now())
    fixes += 1
    const answer = await ask(server.url, 'GET', `/traccar/osmand?id=dev${n + 1}&lat=${lat}&lon=${home.lon}&speed=20&accuracy=5`)
    if (answer.status !== 200) throw new Error(`a fix was answered ${answer.status}`)
  }
}
twice = 0
await Promise.all([idle(), ...Array.from({ length: TECHNICIANS }, (_, n) => drive(n))])
await new Promise((resolve) => setTimeout(resolve, 1000))
const found99 = spread(took)
console.log(`position to RouteEtasChanged, ${TECHNICIANS} at 1 Hz: ${shown(found99)} of ${fixes} fixes; ${sent.size + late} never answered, ${twice} unasked`)
console.log(`  GET /health meanwhile: ${shown(spread(nothing))}`)
console.log(`goal: p99 < ${GOAL_MS} ms; ${found99.p99 < GOAL_MS ? 'met' : 'MISSED'}`)
await server.stop()
process.exit(0)
