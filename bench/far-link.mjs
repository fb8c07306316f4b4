import { connect, createServer } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers';

/** As much as may be on its way in one direction of one connection: what a TCP window of today holds. */
const WINDOW_BYTES = 4 * 2 ** 20;

/** So much may wait for the link, of all connections together: what a router keeps before it makes its senders slower. */
const QUEUE_MILLISECONDS = 100;

/**
 * A server that is far away: what passes arrives `milliseconds` later in each direction, and no faster than `megabits` a
 * second over all connections together. `measure()` tells what has passed since the last call of `reset()`: `bytes` in both
 * directions, and `chain`, the longest chain of round trips of which each began after the end of the one before. Opening a
 * connection is the first of them. Those that only happen to begin later are counted too: it is what the program waits
 * for at most.
 */
export const startFarLink = async (port, { milliseconds, megabits = Infinity }) => {
  const sockets = new Set();
  let bytes = 0;
  let chain = 0;
  const bytesPerMillisecond = (megabits * 1e6) / 8 / 1000;
  const isFree = { up: 0, down: 0 };

  /** Hands on what `from` sends, later; `onSent` and `onArrived` are told of each piece. */
  const carry = (from, to, direction, { onSent, onArrived }) => {
    let onTheWay = 0;
    let isQueueFull = false;
    const goOn = () => {
      if (!isQueueFull && onTheWay < WINDOW_BYTES && from.isPaused()) from.resume();
    };
    // Timers of different lengths may end in another order than they were started in.
    const waiting = [];
    const arrive = () => {
      const chunk = waiting.shift();
      onTheWay -= chunk.length;
      goOn();
      onArrived();
      if (!to.destroyed) to.write(chunk);
    };
    from.on('data', (chunk) => {
      onSent();
      bytes += chunk.length;
      onTheWay += chunk.length;
      if (onTheWay >= WINDOW_BYTES) from.pause();
      const now = performance.now();
      isFree[direction] = Math.max(now, isFree[direction]) + chunk.length / bytesPerMillisecond;
      const tooMuch = isFree[direction] - now - QUEUE_MILLISECONDS;
      if (tooMuch > 0) {
        isQueueFull = true;
        from.pause();
        setTimeout(() => {
          isQueueFull = false;
          goOn();
        }, tooMuch);
      }
      waiting.push(chunk);
      setTimeout(arrive, isFree[direction] + milliseconds - now);
    });
    // Not before what it has sent.
    from.once('close', () =>
      setTimeout(() => to.destroy(), Math.max(isFree[direction] - performance.now(), 0) + milliseconds + 1),
    );
  };

  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket
        .setNoDelay()
        .on('error', () => undefined)
        .once('close', () => sockets.delete(socket));
    }
    let link = chain + 1;
    carry(client, upstream, 'up', {
      onSent: () => (link = Math.max(link, chain + 1)),
      onArrived: () => undefined,
    });
    carry(upstream, client, 'down', {
      onSent: () => undefined,
      onArrived: () => (chain = Math.max(chain, link)),
    });
  });
  await new Promise((/** @type {(nothing?: undefined) => void} */ settle) =>
    server.listen(0, '127.0.0.1', settle),
  );
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    port: address.port,
    reset: () => {
      bytes = 0;
      chain = 0;
    },
    measure: () => ({ bytes, chain }),
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
};
