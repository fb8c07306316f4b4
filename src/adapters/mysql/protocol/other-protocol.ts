import { makePrintable } from '../../../core/printable.js';
import { HEADER_BYTES } from './packets.js';

/** Long enough for the first line of a banner. */
const MOST_SAID = 60;

const shorten = (said: string): string => {
  const line = /^[^\r\n]*/.exec(said)?.[0] ?? '';
  return `${makePrintable(line.slice(0, MOST_SAID))}${line.length > MOST_SAID ? '...' : ''}`;
};

/** What listens there is no database server, or speaks another protocol than that of MySQL's and MariaDB's clients. */
export class OtherProtocol extends Error {
  override readonly name = 'OtherProtocol';
  readonly code = 'OTHER_PROTOCOL';

  constructor(kind: string, said: string) {
    super(`${kind} listens there: it said "${shorten(said)}"`);
  }
}

interface Kind {
  readonly name: string;
  readonly isIt: (bytes: Buffer) => boolean;
}

const beginsWith =
  (pattern: RegExp) =>
  (bytes: Buffer): boolean =>
    pattern.test(bytes.toString('latin1'));

/** An alert or a handshake, of TLS 1.0 to 1.3. */
const isTls = ([kind = 0, major, minor = 0]: Buffer): boolean =>
  (kind === 0x15 || kind === 0x16) && major === 3 && minor >= 1 && minor <= 4;

/** A notice, with its length in four bytes, where the classic protocol has the version of the greeting. */
const isXProtocol = (bytes: Buffer): boolean =>
  bytes.length > 4 && bytes.readUInt32LE() < 256 && bytes[4] === 0x0b;

const KINDS: readonly Kind[] = [
  { name: 'an SSH server', isIt: beginsWith(/^SSH-/) },
  { name: 'an HTTP server', isIt: beginsWith(/^HTTP\//) },
  { name: 'a server that begins with TLS', isIt: isTls },
  { name: "MySQL's X protocol, and not the classic one (usually on port 3306),", isIt: isXProtocol },
  { name: 'a Redis server', isIt: beginsWith(/^-(?:ERR|NOAUTH|DENIED|WRONGPASS|MISCONF|LOADING)/) },
  { name: 'a mail or FTP server', isIt: beginsWith(/^220[ -]/) },
];

/** The first packet of a database server has the number 0, where all text has a character. */
const OTHERWISE: Kind = {
  name: 'something other than a database server',
  isIt: (bytes) => bytes.length >= HEADER_BYTES && bytes[HEADER_BYTES - 1] !== 0,
};

/** What the first bytes that came give away; undefined when they may be those of a database server. */
export const findOtherProtocol = (bytes: Buffer): OtherProtocol | undefined => {
  const kind = [...KINDS, OTHERWISE].find(({ isIt }) => isIt(bytes));
  return kind && new OtherProtocol(kind.name, bytes.toString('latin1'));
};
