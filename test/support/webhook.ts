import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What it does with a request: an HTTP status, or nothing at all. */
export type Answer = number | 'silence';

export interface Webhook {
  /** With a path that nobody may learn. */
  readonly url: string;
  readonly host: string;
  /** Bodies of the requests so far. */
  readonly bodies: readonly string[];
  readonly types: readonly (string | undefined)[];
  stop(): Promise<void>;
}

export const CANARY_PATH = 'T0-canary-webhook';

/** A server that takes notices; it gives these answers in turn, and the last one from then on. */
export const startWebhook = async (
  answers: readonly Answer[] = [200],
  headers: Readonly<Record<string, string>> = {},
): Promise<Webhook> => {
  const bodies: string[] = [];
  const types: (string | undefined)[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = answers[Math.min(bodies.length, answers.length - 1)];
      types.push(request.headers['content-type']);
      bodies.push(Buffer.concat(chunks).toString('utf8'));
      if (typeof answer === 'number') response.writeHead(answer, headers).end('ok');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    url: `http://${host}/services/${CANARY_PATH}`,
    host,
    bodies,
    types,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
