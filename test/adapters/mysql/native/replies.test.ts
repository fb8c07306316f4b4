import { expect, test } from 'vitest';
import { Replies } from '../../../../src/adapters/mysql/native/replies.js';

/** Of an INSERT of 7 rows. */
const PAYLOAD = Buffer.from([0, 7, 0, 2, 0, 0, 0]);
const PACKET = Buffer.concat([Buffer.from([PAYLOAD.length, 0, 0, 1]), PAYLOAD]);

test.each(Array.from(PACKET.keys()))(
  'a reply that comes in two parts, cut at %d, of which the first is gone by then',
  async (place) => {
    const replies = new Replies();
    const rows: number[] = [];
    replies.expect((reply) => reply.kind === 'done' && rows.push(reply.rows));
    for (const part of [PACKET.subarray(0, place), PACKET.subarray(place)]) {
      const lent = Buffer.from(part);
      replies.receive(lent);
      lent.fill(0xee);
    }
    await replies.settle(0);
    expect(rows).toEqual([7]);
  },
);
