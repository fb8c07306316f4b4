import type { SyncError } from '../errors.js';
import type { Access } from './connection.js';
import type { Flavor } from '../flavor.js';
import type { ConnectionName } from '../names.js';

/** What answered when a connection was tried. */
export interface Answer {
  /** `MariaDB 10.11.19` */
  readonly server: string;
  readonly flavor: Flavor;
  /** What the server says of itself; see `ServerFacts.identity`. */
  readonly identity: string;
  /** `CURRENT_USER()`: the account that the server matched. */
  readonly account: string;
  /** For example `TLSv1.3`; undefined when the wire is not encrypted. */
  readonly tlsVersion: string | undefined;
  /** Was TLS wanted and not had, on the way to another machine? */
  readonly isExposed: boolean;
  /** Was the account let in without a password? */
  readonly isPasswordless: boolean;
  /** To connect, log in and read the server's facts. */
  readonly milliseconds: number;
}

/** How the test of one connection ended. */
export interface ConnectionTest {
  readonly name: ConnectionName;
  readonly result: Answer | SyncError;
  /** One that may be written is a target to its account, every other a source. */
  readonly access: Access;
}
