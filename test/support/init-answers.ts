import { type Conversation, ENTER } from './conversation.js';
import { ROOT, type TestServer } from './servers.js';

/** Describes a new connection to a test server, up to the test of it. */
export const describeServer = async (
  person: Conversation,
  name: string,
  { port }: Pick<TestServer, 'port'>,
  password: string = ROOT.password,
): Promise<void> => {
  await person.answers('Name for the connection', `${name}${ENTER}`);
  await person.answers('Host name or address', ENTER);
  await person.answers('Port:', `${String(port)}${ENTER}`);
  await person.answers("User, the server's account:", `${ROOT.user}${ENTER}`);
  await person.answers('Password of', `${password}${ENTER}`);
  await person.answers('TLS:', ENTER);
};

/** Permits to write to a target that is not production. */
export const permitWriting = async (person: Conversation, name: string): Promise<void> => {
  await person.answers(`May mysql-sync write to ${name}?`, `y${ENTER}`);
  await person.answers(`Is ${name} production?`, ENTER);
};

/** Chooses databases and leaves all else as it is, up to the last question. */
export const chooseDatabases = async (person: Conversation, selection: string): Promise<void> => {
  await person.answers('Databases (', `${selection}${ENTER}`);
  await person.answers('has a database already:', ENTER);
  await person.answers('Change how it is copied', ENTER);
};
