import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HashList } from '../../../../../src/adapters/mysql/native/read/hash-list.js';
import {
  type RowHashes,
  compareHashes,
} from '../../../../../src/adapters/mysql/native/tables/compare-hashes.js';

const packetOf = (hash: bigint): Buffer => {
  const packet = Buffer.from([9, 0, 0, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0]);
  packet.writeBigUInt64BE(hash, 5);
  return packet;
};

/** Packets that come in pieces of so many bytes. */
const listOf = (hashes: readonly bigint[], bytes: number): BigUint64Array => {
  const packets = Buffer.concat(hashes.map(packetOf));
  const list = new HashList(hashes.length);
  for (let at = 0; at < packets.length; at += bytes) list.update(packets.subarray(at, at + bytes));
  return list.sort() ?? expect.fail('no list');
};

const countOf = (hashes: readonly bigint[], hash: bigint): number =>
  hashes.filter((one) => one === hash).length;

const describe = (differing: readonly bigint[], rows: readonly bigint[]): RowHashes => ({
  hashes: differing.filter((one) => rows.includes(one)),
  rows: rows.filter((one) => differing.includes(one)).length,
});

test('rows differ where not as many of them are on both sides', () => {
  const hash = fc.oneof(fc.bigInt({ min: 0n, max: 5n }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
  const rows = fc.array(hash, { maxLength: 12 });
  fc.assert(
    fc.property(rows, rows, fc.integer({ min: 1, max: 40 }), (here, there, bytes) => {
      const all = [...new Set([...here, ...there])].sort((a, b) => (a < b ? -1 : 1));
      const differing = all.filter((one) => countOf(here, one) !== countOf(there, one));
      expect(compareHashes(listOf(here, bytes), listOf(there, bytes))).toEqual({
        fresh: describe(differing, here),
        stale: describe(differing, there),
      });
    }),
    { seed: 11, numRuns: 500 },
  );
});

test('more than are worth it are not told', () => {
  const [none, some] = [listOf([], 9), listOf([1n, 2n, 3n], 9)];
  expect(compareHashes(some, none, 3)).toBeDefined();
  expect(compareHashes(some, none, 2)).toBeUndefined();
});

test.each([
  ['more rows', [packetOf(1n), packetOf(2n), packetOf(3n)]],
  ['fewer rows', [packetOf(1n)]],
  ['half a row', [packetOf(1n), packetOf(2n).subarray(0, 5)]],
  ['NULL', [packetOf(1n), Buffer.from([1, 0, 0, 7, 0xfb])]],
  ['another length', [packetOf(1n), Buffer.from([9, 0, 0, 7, 7, 1, 1, 1, 1, 1, 1, 1, 0])]],
  ['a longer packet', [packetOf(1n), Buffer.from([9, 1, 0, 7, 8, 1, 1, 1, 1, 1, 1, 1, 1])]],
])('%s than was asked for is no list', (_, packets) => {
  const list = new HashList(2);
  for (const packet of packets) list.update(packet);
  expect(list.sort()).toBeUndefined();
});
