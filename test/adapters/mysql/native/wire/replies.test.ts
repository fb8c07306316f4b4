import { expect, test } from 'vitest';
import { Replies } from '../../../../../src/adapters/mysql/native/wire/replies.js';

/** Of an INSERT of 7 rows. */
const PAYLOAD = Buffer.from([0, 7, 0, 2, 0, 0, 0]);
const PACKET = Buffer.concat([Buffer.from([PAYLOAD.length, 0, 0, 1]), PAYLOAD]);

test.each(Array.from(PACKET.keys()))(
  'a reply that comes in two parts, cut at %d, of which the first is gone by then',
  async (place) => {
    const replies = new Replies();
    const rows: number[] = [];
    replies.expect((reply) => rows.push(reply.rows));
    for (const part of [PACKET.subarray(0, place), PACKET.subarray(place)]) {
      const lent = Buffer.from(part);
      replies.receive(lent);
      lent.fill(0xee);
    }
    await replies.settle(0);
    expect(rows).toEqual([7]);
  },
);

const toPacket = (payload: Buffer | string, sequence = 1): Buffer => {
  const bytes = Buffer.from(payload as string, 'latin1');
  return Buffer.concat([
    Buffer.from([bytes.length & 0xff, bytes.length >> 8, bytes.length >> 16, sequence]),
    bytes,
  ]);
};

test.each([
  ['a different number', toPacket(PAYLOAD, 2), 'a packet out of sequence'],
  ['an answer too many', Buffer.concat([PACKET, PACKET]), 'an answer to nothing'],
  ['rows', toPacket('\x01'), 'rows, or nothing'],
  ['nothing', toPacket(''), 'rows, or nothing'],
  [
    'a length that goes on behind the end',
    toPacket('\0\xfe\xff\xff'),
    'a packet ends in the middle of a length',
  ],
  ['no status', toPacket('\0\x07\0'), 'an answer that ends too early'],
  ['an error without a number', toPacket('\xff'), 'an error without a number'],
  ['a request for a file', toPacket('\xfb/etc/passwd'), 'it asked for a file that it was not offered'],
  ['16 MB', Buffer.from([0xff, 0xff, 0xff, 1]), 'an answer of 16777215 bytes'],
] as const)('in answer to an INSERT: %s', async (_, bytes, what) => {
  const replies = new Replies();
  replies.expect(() => undefined);
  replies.receive(bytes);
  replies.expect(() => undefined);
  await expect(replies.settle(0)).rejects.toThrow(`the server broke the protocol: ${what}`);
});

test.each([
  ['another file', toPacket('\xfb/etc/passwd'), 'it asked for a file that it was not offered'],
  ['no file', PACKET, 'LOAD DATA ended without the rows'],
] as const)('in answer to LOAD DATA: %s', async (_, bytes, what) => {
  const replies = new Replies();
  let isAsked = false;
  replies.expectRequest('ours', () => (isAsked = true));
  replies.receive(bytes);
  await expect(replies.settle(0)).rejects.toThrow(what);
  expect(isAsked).toBe(false);
});

test('a server that ends a session answers no statement of ours, and is heard', async () => {
  const replies = new Replies();
  replies.receive(toPacket('\xff\x81\x04#08S01too large', 3));
  replies.expect(() => undefined);
  await expect(replies.settle(0)).rejects.toMatchObject({ errno: 1153, message: 'too large' });
});

test('an error has any number: a server that ends a session counts from 0', async () => {
  const replies = new Replies();
  replies.expect(() => undefined);
  replies.receive(toPacket('\xff\xbf\x0f#08S01idle for too long', 0));
  await expect(replies.settle(0)).rejects.toMatchObject({ errno: 4031, message: 'idle for too long' });
});
