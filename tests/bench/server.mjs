// A server of our own on a throw-away folder, and how the scripts beside this file talk to it.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const TOKEN = 'admintokenadmintoken1234'
const BINARY = process.env.TOURNEE_BINARY ?? 'target/release/tournee'
const agent = new http.Agent({ keepAlive: true, maxSockets: 16 })

export const newFolder = () => mkdtempSync(join(tmpdir(), 'tournee-bench-'))
export const remove = (folder) => rmSync(folder, { recursive: true, force: true })

/** Starts `tournee serve` on `folder`; resolves with { pid, url, call, rss, stop } once `first` (a path) answers 200. */
export async function start({ folder = newFolder(), port = 3391, clock, database, first = '/health' } = {}) {
  const url = `http://127.0.0.1:${port}`
  const began = performance.now()
  const env = {
    PATH: process.env.PATH,
    TOURNEE_LISTEN: `127.0.0.1:${port}`,
    TOURNEE_DATA: folder,
    TOURNEE_ADMIN_TOKEN: TOKEN,
    TOURNEE_LOG: 'error',
    ...(clock && { TOURNEE_CLOCK: clock }),
    ...(database && { TOURNEE_DATABASE_URL: database }),
  }
  const child = spawn(BINARY, ['serve'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  let gone = false
  child.on('exit', () => (gone = true))
  const call = (method, path, body) => ask(url, method, path, body)
  for (;;) {
    if (gone) throw new Error('the server did not start')
    const answer = await call('GET', first).catch(() => null)
    if (answer?.status === 200) break
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const startedMs = performance.now() - began
  const stop = async () => {
    child.kill('SIGTERM')
    while (!gone) await new Promise((resolve) => setTimeout(resolve, 20))
    remove(folder)
  }
  return { pid: child.pid, url, call, startedMs, rss: () => rssMb(child.pid), stop, folder }
}

/** Resident memory in MB. */
export function rssMb(pid) {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(line[1]) / 1024
}

/** One request; { status, headers, bytes, json }. */
export function ask(url, method, path, body, headers = {}) {
  const text = body === undefined ? undefined : JSON.stringify(body)
  const all = { authorization: `Bearer ${TOKEN}`, ...headers }
  if (text !== undefined) Object.assign(all, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  return new Promise((resolve, reject) => {
    const request = http.request(url + path, { method, agent, headers: all }, (answer) => {
      const parts = []
      answer.on('data', (part) => parts.push(part))
      answer.on('error', reject)
      answer.on('end', () => {
        const bytes = Buffer.concat(parts)
        const json = () => JSON.parse(bytes.toString())
        resolve({ status: answer.statusCode, headers: answer.headers, bytes, json })
      })
    })
    request.on('error', reject)
    request.end(text)
  })
}

/** Like `call`, but anything except 2xx ends the script. */
export async function must(server, method, path, body) {
  const answer = await server.call(method, path, body)
  if (answer.status < 200 || answer.status > 299) throw new Error(`${method} ${path}: ${answer.status} ${answer.bytes}`)
  return answer.bytes.length ? answer.json() : null
}

/** Runs `work(n)` for n below `count`, `at` at once. */
export async function times(count, at, work) {
  let next = 0
  const lane = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: at }, lane))
}

/** p50, p99 and the worst of some milliseconds. */
export function spread(all) {
  const sorted = [...all].sort((a, b) => a - b)
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor((sorted.length - 1) * share))]
  return { p50: at(0.5), p99: at(0.99), worst: at(1), n: sorted.length }
}

export const shown = ({ p50, p99, worst, n }) =>
  `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, worst ${worst.toFixed(1)} ms (${n})`

const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** A company: `technicians` with trackers dev1…, each with `visits` visits an hour apart from `first` (ISO) on. */
export async function found(server, { technicians, visits, first, pool = 0 }) {
  const hours = Object.fromEntries(WEEK.map((day) => [day, [{ start: '06:00', end: '22:00' }]]))
  const customer = (await must(server, 'POST', '/customers', { name: 'Luis Ruiz', phone: '514 555-0199', language: 'fr' })).id
  const who = []
  await times(technicians, 8, async (n) => {
    const home = { lat: 45.05 + (n % 10) / 50, lon: -73.58 - (n % 7) / 50 }
    const input = { name: `T${n + 1}`, phone: `450 555-${String(1000 + n)}`, home, weekly_schedule: hours, gps_device_id: `dev${n + 1}` }
    who[n] = { ...(await must(server, 'POST', '/technicians', input)), home }
  })
  const job = async (place, title) => {
    const location = { customer_id: customer, address: '12 rue Un', ...place }
    const location_id = (await must(server, 'POST', '/locations', location)).id
    return (await must(server, 'POST', '/jobs', { customer_id: customer, location_id, title, duration_min: 20 })).id
  }
  await times(technicians * visits, 8, async (n) => {
    const [t, v] = [n % technicians, Math.floor(n / technicians)]
    const job_id = await job({ lat: who[t].home.lat + v / 200, lon: who[t].home.lon }, 'Panne')
    const start = new Date(Date.parse(first) + v * 3_600_000).toISOString()
    await must(server, 'POST', '/dispatch/assign', { job_id, technician_id: who[t].id, start })
  })
  const waiting = []
  await times(pool, 8, async (n) => {
    waiting[n] = await job({ lat: 45 + (n % 40) / 80, lon: -74 + (n % 23) / 40 }, 'Panne')
  })
  return { technicians: who, pool: waiting, customer }
}
