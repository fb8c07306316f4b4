import { type Server, type Socket, connect, createServer } from 'node:net';

/** Stands between the product and a server, and breaks like a network. */
export interface TcpProxy {
  readonly port: number;
  /** So far, in both directions together. */
  readonly passedBytes: number;
  /** Resolves when so many more have passed. */
  passed(bytes: number): Promise<void>;
  /** Nothing passes any more, and nobody hears of it: new connections are accepted and stay silent. */
  freeze(): void;
  /** Ends what is frozen; from then on all is well again. */
  heal(): void;
  /** Every connection is reset; new ones work. */
  cut(): void;
  stop(): Promise<void>;
}

export const startProxy = async (targetPort: number): Promise<TcpProxy> => {
  const sockets = new Set<Socket>();
  const waiting = new Set<{ left: number; readonly resolve: () => void }>();
  let isFrozen = false;
  let passedBytes = 0;
  const count = (bytes: number): void => {
    passedBytes += bytes;
    for (const wish of waiting) {
      wish.left -= bytes;
      if (wish.left > 0) continue;
      waiting.delete(wish);
      wish.resolve();
    }
  };
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => undefined);
  };
  const join = (from: Socket, to: Socket): void => {
    from.on('data', (chunk: Buffer) => {
      if (isFrozen) return;
      count(chunk.length);
      if (!to.write(chunk)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    });
    from.once('close', () => (isFrozen ? undefined : to.destroy()));
  };
  const server: Server = createServer((client) => {
    keep(client);
    if (isFrozen) return;
    const upstream = connect(targetPort, '127.0.0.1');
    keep(upstream);
    join(client, upstream);
    join(upstream, client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const cut = (): void => sockets.forEach((socket) => socket.resetAndDestroy());
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    get passedBytes() {
      return passedBytes;
    },
    passed: (bytes) => new Promise((resolve) => waiting.add({ left: bytes, resolve })),
    freeze: () => {
      isFrozen = true;
    },
    heal: () => {
      isFrozen = false;
      cut();
    },
    cut,
    stop: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};
