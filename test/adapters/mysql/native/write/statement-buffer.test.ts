import { expect, test } from 'vitest';
import type { BufferPool } from '../../../../../src/adapters/mysql/native/wire/lane-memory.js';
import { StatementBuffer } from '../../../../../src/adapters/mysql/native/write/statement-buffer.js';

const LONGEST = 0xff_ff_ff;

/** Every byte in turn, from any place on. */
const PATTERN = Buffer.alloc(131_072, Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)));

const poolOf = (bytes: number): BufferPool & { readonly free: Buffer[] } => {
  const free: Buffer[] = [];
  return {
    free,
    take: () => free.pop() ?? Buffer.alloc(bytes),
    give: (buffer) => {
      if (buffer.length === bytes) free.push(buffer);
    },
  };
};

/** Writes so many bytes in pieces, and returns the packets that left. */
const send = (
  bytes: number,
  pieceBytes: number,
  maxPacketBytes = Infinity,
): { readonly packets: readonly Buffer[]; readonly mostHeld: number } => {
  const packets: Buffer[] = [];
  const out = new StatementBuffer(poolOf(1_000), maxPacketBytes, (packet) => packets.push(packet));
  let mostHeld = 0;
  for (let at = 0; at < bytes; at += pieceBytes) {
    const start = at & 0xff;
    out.append(PATTERN.subarray(start, start + Math.min(pieceBytes, bytes - at)));
    mostHeld = Math.max(mostHeld, out.bytes.length);
  }
  expect(out.commandBytes).toBe(bytes);
  expect(out.isTooLarge).toBe(bytes >= maxPacketBytes);
  out.finish();
  expect(out.commandBytes).toBe(0);
  return { packets, mostHeld };
};

test.each([1, 999, 1_000, 5_000, LONGEST - 1, LONGEST, LONGEST + 1, 2 * LONGEST + 12_345])(
  'a command of %s bytes',
  (bytes) => {
    const { packets } = send(bytes, 60_007);
    expect(packets).toHaveLength(Math.floor(bytes / LONGEST) + 1);
    packets.forEach((packet, index) => {
      const isLast = index === packets.length - 1;
      expect(packet.readUIntLE(0, 3)).toBe(isLast ? bytes % LONGEST : LONGEST);
      expect(packet[3]).toBe(index);
      expect(packet.length).toBe(packet.readUIntLE(0, 3) + 4);
    });
    const command = Buffer.concat(packets.map((packet) => packet.subarray(4)));
    expect(command.equals(Buffer.alloc(bytes, PATTERN.subarray(0, 256)))).toBe(true);
  },
);

test('no more than a packet is held, however long the command is', () => {
  expect(send(5 * LONGEST, 65_536).mostHeld).toBeLessThan(1.1 * LONGEST);
});

test.each([
  [4_194_304, 0],
  [LONGEST, 0],
  [LONGEST + 1, 1],
  [2 * LONGEST + 1, 2],
])('of a command that is longer than %s bytes, the server gets %s full packets', (maxPacketBytes, sent) => {
  const { packets } = send(4 * LONGEST, 65_536, maxPacketBytes);
  expect(packets.filter((packet) => packet.readUIntLE(0, 3) === LONGEST)).toHaveLength(sent);
});

test('buffers that come back are used again, those that grew are not, and none is left behind', () => {
  const pool = poolOf(100);
  const out = new StatementBuffer(pool, Infinity, () => undefined);
  const first = out.finish();
  const second = out.bytes;
  out.recycle(first);
  out.append(Buffer.alloc(500));
  expect(pool.free).toEqual([first, second]);
  const grown = out.finish();
  out.recycle(grown);
  expect(out.bytes).toBe(second);
  out.close();
  expect(pool.free).toEqual([first, second]);
});
