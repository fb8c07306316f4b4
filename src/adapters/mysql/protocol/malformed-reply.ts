/**
 * A server, or something that stands before it, sent what the protocol does not allow. Nothing that comes after it can
 * be understood, so the connection is of no use any more.
 */
export class MalformedReply extends Error {
  override readonly name = 'MalformedReply';
  readonly code = 'MALFORMED_REPLY';

  constructor(what: string) {
    super(`the server broke the protocol: ${what}`);
  }
}
