// A large store: memory with 100,000 customers known and 1,000 awake, and the time from start to the first board
// with 100,000 jobs. The folder is made by `numbers fill FOLDER 100000 100000`.
import { must, start, times } from './server.mjs'

const folder = process.argv[2]
if (!folder) throw new Error('say which folder')
const today = new Date().toLocaleDateString('en-CA', { timeZone: 'America/Toronto' })
const server = await start({ folder, first: `/dispatch/board?date=${today}` })
const ms = server.startedMs
console.log(`start to first board, 100,000 jobs: ${ms.toFixed(0)} ms; goal 1000: ${ms < 1000 ? 'met' : 'MISSED'}; memory then ${server.rss().toFixed(0)} MB`)
await times(1000, 8, async (n) => {
  const id = `cus_bench${String(n * 97).padStart(10, '0')}`
  await must(server, 'PATCH', `/customers/${id}`, { phone: '514 555-0199', notes: `awake ${n}` })
})
await new Promise((resolve) => setTimeout(resolve, 2000))
const awake = /tournee_actors_awake\{room="customers"\} (\d+)/.exec((await server.call('GET', '/metrics')).bytes.toString())?.[1]
const mb = server.rss()
console.log(`memory, 100,000 customers known and 1,000 awake: ${mb.toFixed(0)} MB; goal 200: ${mb < 200 ? 'met' : 'MISSED'} (awake by /metrics: ${awake ?? 'not told'})`)
await server.stop()
process.exit(0)
