import type { Prompts } from '../../adapters/terminal/prompts.js';
import type { ConnectionName } from '../../core/names.js';
import type { Secret } from '../../core/secret.js';
import { readConnectionUrl } from '../../core/server/connection-url.js';
import type { AskPassword } from '../services/connection-directory.js';
import type { Services } from '../services/compose.js';
import type { AddFlagValues } from './add-connection.js';
import { askName, askPlace, askUser, readPlace } from './ask-connection.js';

/** What `connections add` was told. */
export interface AddWords {
  readonly name: string;
  readonly flags: AddFlagValues;
  /** Of a URL that was typed at a question. */
  readonly password?: Secret;
}

/** Was a word of the help typed as it stands there, such as HOST or <host>? */
const isPlaceholder = (text: string | undefined, word: string): boolean =>
  text === word || (text !== undefined && /^<[\w -]*>$/.test(text));

/** Asks for a name, an address and a user that are missing, or were typed as the help writes them. `taken` are names. */
const askMissing = async (
  prompts: Prompts,
  words: AddWords,
  taken: readonly ConnectionName[],
): Promise<AddWords> => {
  const name = isPlaceholder(words.name, 'NAME') ? await askName(prompts, taken) : words.name;
  const { host, user, socket } = words.flags;
  // What is not said of a connection that is replaced, or in an option file, is known.
  const isKnown = words.flags['from-defaults-file'] !== undefined || taken.some((one) => one === name);
  const isMissing = (text: string | undefined, word: string): boolean =>
    isPlaceholder(text, word) || (text === undefined && !isKnown);
  const place =
    socket === undefined && isMissing(host, 'HOST')
      ? readPlace(await askPlace(prompts, undefined))
      : undefined;
  const account = isPlaceholder(user, 'USER') ? place?.user : (user ?? place?.user);
  const isUrl = place === undefined && host !== undefined && readConnectionUrl(host) !== undefined;
  const { tlsMode, password, ...address } = place ?? {};
  const flags = {
    ...words.flags,
    ...address,
    ...(tlsMode !== undefined && { tls: tlsMode }),
    user:
      account === undefined && !isUrl && isMissing(user, 'USER')
        ? await askUser(prompts, undefined)
        : account,
  };
  return { name, flags, ...(password && { password }) };
};

/** The words completed by the person at the terminal, and how they are asked for the password. */
export const completeByAsking = async (
  services: Services<'memory' | 'person'>,
  words: AddWords,
): Promise<AddWords & { readonly ask: AskPassword }> => {
  const prompts = await services.person.prompts();
  const saved = await (await services.memory.store()).connections.list();
  const complete = await askMissing(
    prompts,
    words,
    saved.map(({ name }) => name),
  );
  const { password } = complete;
  const ask: AskPassword = (message) => (password ? Promise.resolve(password) : prompts.password(message));
  return { ...complete, ask };
};
