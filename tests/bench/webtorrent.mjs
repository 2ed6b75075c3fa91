// SPDX-License-Identifier: GPL-3.0-or-later
// The WebTorrent library kept warm in one process, as an application would embed it. Speaks the lines of
// `commonreel stream -`. Arguments: the folder with node_modules, a scratch folder, a port.
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const [packages, scratch, port] = process.argv.slice(2)
const entry = join(packages, 'node_modules', 'webtorrent', 'index.js')
const { default: WebTorrent } = await import(pathToFileURL(entry).href)

const say = answer => process.stdout.write(JSON.stringify({ ...answer, pid: process.pid }) + '\n')

const client = new WebTorrent({ dht: false, lsd: false, natUpnp: false, natPmp: false })
client.on('error', error => say({ error: String(error) }))
const { server } = client.createServer({}, 'node')
server.listen(Number(port), '127.0.0.1', () => say({ ready: true }))

const lines = createInterface({ input: process.stdin })
lines.on('line', line => {
  const { source, file } = JSON.parse(line)
  client.add(source, { path: scratch, deselect: true }, torrent => {
    const film = torrent.files.find(each => each.name === file)
    say({ url: `http://127.0.0.1:${port}${film.streamURL}` })
  })
})
lines.on('close', () => process.exit(0))
