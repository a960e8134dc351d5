// Hires technicians with trackers dev1 … devN at a running server: trackers.mjs URL N.
import { ask, found } from './server.mjs'

const [url, count] = [process.argv[2], Number(process.argv[3])]
const call = (method, path, body) => ask(url, method, path, body)
await found({ call }, { technicians: count, visits: 0, first: '2026-11-23T12:00:00Z' })
process.exit(0)
