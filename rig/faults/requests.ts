import { type Proxy } from './proxy.ts'

/** Opcodes of requests (native protocol v4, section 2.4). */
export const opcodes = { prepare: 0x09, register: 0x0b } as const

const headerBytes = 9

/** Calls `take` with the opcode of each frame in the bytes of one connection. */
const readOpcodes = (take: (opcode: number) => void): ((chunk: Buffer) => void) => {
  let header = Buffer.alloc(0)
  let bodyLeft = 0
  return chunk => {
    let at = 0
    while (at < chunk.length) {
      const skipped = Math.min(bodyLeft, chunk.length - at)
      bodyLeft -= skipped
      at += skipped
      const part = chunk.subarray(at, at + headerBytes - header.length)
      at += part.length
      header = Buffer.concat([header, part])
      if (header.length < headerBytes) continue
      take(header.readUInt8(4))
      bodyLeft = header.readInt32BE(5)
      header = Buffer.alloc(0)
    }
  }
}

/** Calls `take` for each request with this opcode through a link, on connections that are opened from now on. */
export const watchRequests = (link: Proxy, opcode: number, take: () => void): void => {
  link.tap = () => {
    const read = readOpcodes(found => {
      if (found === opcode) take()
    })
    return {
      toServer: chunk => {
        read(chunk)
        return chunk
      },
      toClient: chunk => chunk,
    }
  }
}
