import { type Socket, connect as openSocket } from 'node:net';
import type { Endpoint } from '../../../core/server/connection.js';
import { OtherProtocol, findOtherProtocol } from '../protocol/other-protocol.js';

/** A database server speaks first, and at once unless it looks up a slow name. */
const PATIENCE_MILLISECONDS = 1000;
const ANSWER_MILLISECONDS = 3000;

interface Question {
  readonly bytes: Buffer;
  /** What an answer gives away. */
  readonly read: (answer: Buffer) => OtherProtocol | undefined;
}

/** To PostgreSQL's question whether there is TLS, the answer is one letter. */
const readTlsAnswer = (answer: Buffer): OtherProtocol | undefined =>
  /^[SN]$/.test(answer.toString('latin1'))
    ? new OtherProtocol('a PostgreSQL server', answer.toString('latin1'))
    : undefined;

/** What makes those speak who wait to be asked, and changes nothing there: HTTP, Redis and TLS answer the first. */
const QUESTIONS: readonly Question[] = [
  { bytes: Buffer.from('GET / HTTP/1.0\r\n\r\n'), read: findOtherProtocol },
  { bytes: Buffer.from([0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f]), read: readTlsAnswer },
];

/** Endpoints that were asked about: a database server counts each question as a login that failed, and blocks who has many. */
const asked = new WeakSet<Endpoint>();

/**
 * Ends a login at which nothing was heard, with what listens there, when that is no database server: it would wait for
 * the first word for ever. Asked on connections of its own, so that a server that is only slow notices nothing in this
 * one, and once for an endpoint. Returns what ends the watch.
 */
export const watchForStranger = (socket: Socket, endpoint: Endpoint): (() => void) => {
  const { address } = endpoint;
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    if (socket.bytesRead > 0 || address.kind === 'socket' || address.ssh !== undefined || asked.has(endpoint))
      return;
    asked.add(endpoint);
    const answers = await Promise.all(QUESTIONS.map((question) => ask(address, question)));
    const stranger = answers.find((answer) => answer !== undefined);
    if (stranger && socket.bytesRead === 0) socket.destroy(stranger);
  };
  const begin = (): void => {
    timer = setTimeout(() => void look(), PATIENCE_MILLISECONDS);
  };
  socket.once('connect', begin);
  return () => {
    socket.off('connect', begin);
    clearTimeout(timer);
  };
};

/** What the first bytes of the answer give away; never rejects. */
const ask = (
  { host, port }: { readonly host: string; readonly port: number },
  { bytes, read }: Question,
): Promise<OtherProtocol | undefined> =>
  new Promise<OtherProtocol | undefined>((resolve) => {
    const socket = openSocket({ host, port, timeout: ANSWER_MILLISECONDS });
    const end = (answer?: Buffer): void => {
      socket.destroy();
      resolve(answer && read(answer));
    };
    socket.once('connect', () => socket.write(bytes));
    socket.once('data', end);
    for (const event of ['timeout', 'error', 'close']) socket.once(event, () => end());
  });
