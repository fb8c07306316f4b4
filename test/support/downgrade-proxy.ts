import { type Server, type Socket, connect, createServer } from 'node:net';

/** Stands between a client and a server, takes the offer of TLS out of every greeting, and hears everything. */
export interface DowngradeProxy {
  readonly port: number;
  /** All that clients sent. */
  heard(): Buffer;
  stop(): Promise<void>;
}

export const startDowngradeProxy = async (targetPort: number): Promise<DowngradeProxy> => {
  const heard: Buffer[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  };
  const server: Server = createServer((client) => {
    const upstream = keep(connect(targetPort, '127.0.0.1'));
    keep(client)
      .on('data', (chunk) => heard.push(chunk))
      .pipe(upstream);
    upstream.once('data', (greeting) => {
      client.write(withoutTls(greeting));
      upstream.pipe(client);
    });
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    heard: () => Buffer.concat(heard),
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};

/** CLIENT_SSL is 0x0800 in the capabilities, which come after the version, a thread id, half a scramble and a zero. */
const withoutTls = (greeting: Buffer): Buffer => {
  const at = greeting.indexOf(0, 5) + 1 + 4 + 8 + 1;
  greeting.writeUInt16LE(greeting.readUInt16LE(at) & ~0x0800, at);
  return greeting;
};
