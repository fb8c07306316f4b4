import { Errors } from '@oclif/core';
import type { FoundLogin } from '../../adapters/option-file/find-logins.js';
import type { OptionFileLogin } from '../../adapters/option-file/read-login.js';
import { type Connection, describeAddress } from '../../core/server/connection.js';
import { SyncError } from '../../core/errors.js';
import type { ConnectionName } from '../../core/names.js';
import { buildConnection, checkConnectionName, readConnectionName } from './connection-flags.js';
import type { Services } from '../services/compose.js';
import type { Screen } from '../frame/screen.js';

/** A login that was found, as it can be saved; or why it cannot. */
export interface Candidate {
  readonly origin: string;
  readonly name: ConnectionName;
  readonly taken:
    { readonly login: OptionFileLogin; readonly connection: Connection } | { readonly problem: string };
}

/** What the file has, what a URL says that was typed where nobody sees it, or what the argument itself says. */
export const findCandidates = async (
  services: Services<'findLogins' | 'urlLogin' | 'person'>,
  argument: string | undefined,
  { canPrompt }: Pick<Screen, 'canPrompt'>,
): Promise<readonly Candidate[]> => {
  if (argument === undefined) {
    if (!canPrompt) throw new Errors.CLIError('Name an option file or a .env file: connections import FILE');
    return [await askUrl(services)];
  }
  const typed = await services.urlLogin(argument);
  if (typed === undefined) return nameApart((await services.findLogins(argument)).map(toCandidate));
  if ('login' in typed && typed.login.password !== undefined)
    throw new Errors.CLIError(
      'The URL has a password in it, and a command line can be read by everybody on this machine. Leave the URL out and paste it at the question',
    );
  return [toCandidate({ origin: 'URL', suggestion: nameAfter(typed), found: typed })];
};

/** Not shown while it is typed: there is a password in it. */
const askUrl = async (services: Services<'urlLogin' | 'person'>): Promise<Candidate> => {
  const prompts = await services.person.prompts();
  const text = (await prompts.password('URL (mysql://user:password@host; it is not shown):')).reveal();
  const found = await services.urlLogin(text.trim());
  if (found === undefined)
    throw new SyncError('INPUT_INVALID', {
      message: 'what was typed does not begin with mysql:// or mariadb://',
    });
  return toCandidate({ origin: 'URL', suggestion: nameAfter(found), found });
};

const nameAfter = (found: FoundLogin['found']): string =>
  'login' in found ? (found.login.host ?? 'local') : 'url';

const toCandidate = ({ origin, suggestion, found }: FoundLogin): Candidate => {
  const name = toName(suggestion);
  if ('problem' in found) return { origin, name, taken: found };
  const { login } = found;
  if (login.user === undefined) return { origin, name, taken: { problem: 'it says no user' } };
  try {
    return { origin, name, taken: { login, connection: buildConnection(name, {}, login, undefined) } };
  } catch (error) {
    if (!(error instanceof Errors.CLIError)) throw error;
    return { origin, name, taken: { problem: error.message } };
  }
};

/** Names of groups and hosts may have what a connection's name has not. */
const toName = (suggestion: string): ConnectionName => {
  const text = suggestion
    .replaceAll(/[^\p{L}\p{N}_.-]+/gu, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 64);
  return readConnectionName(checkConnectionName(text) === undefined ? text : 'imported');
};

/** Two of one name are told apart by a number. */
const nameApart = (candidates: readonly Candidate[]): readonly Candidate[] =>
  candidates.map((candidate, index) => {
    const before = candidates.slice(0, index).filter(({ name }) => name === candidate.name).length;
    if (before === 0) return candidate;
    const name = readConnectionName(`${candidate.name.slice(0, 60)}-${String(before + 1)}`);
    const { taken } = candidate;
    return {
      ...candidate,
      name,
      taken: 'problem' in taken ? taken : { ...taken, connection: { ...taken.connection, name } },
    };
  });

/** `prod: sync_ro@db:3306, TLS required, with a password, from [prod]` */
export const describeCandidate = ({ name, origin, taken }: Candidate): string => {
  if ('problem' in taken) return `${name}: from ${origin}, cannot be taken: ${taken.problem}`;
  const { connection, login } = taken;
  const password = login.password === undefined ? 'without a password' : 'with a password';
  return `${name}: ${describeAddress(connection)}, TLS ${connection.tls.mode}, ${password}, from ${origin}`;
};
