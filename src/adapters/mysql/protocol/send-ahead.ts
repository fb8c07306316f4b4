import type { Socket } from 'node:net';
import process from 'node:process';
import type mysql from 'mysql2';
import { BugError } from '../../../core/errors.js';

/** A statement as mysql2 queues it: `start` writes its packet and gives what reads the first packet of the answer. */
interface Statement {
  start(packet: undefined, connection: mysql.Connection): unknown;
  next: unknown;
}

/** What is used of mysql2's insides here. Its version is pinned, and a test fails when they are not there. */
interface ConnectionInsides {
  readonly stream: Socket;
  sequenceId: number;
  readonly _command: object | null | undefined;
  readonly _commands: { readonly length: number };
  addCommand(command: object): unknown;
}

/**
 * mysql2 sends a statement when the one before is answered, and a server that is far away is waited for each time. From
 * here on a statement is sent at once when those before it were, each as a packet of its own; servers read one packet
 * after the other, and answer in that order. As before, a statement that fails does not keep those behind it from
 * running. Only plain statements are sent ahead: behind a command of another kind they wait as they did. Packets of one
 * turn go to the socket in one piece, because each write is a call of the system and, far away, a packet of the network.
 */
export const sendAhead = (connection: mysql.Connection): void => {
  const insides = checkInsides(connection);
  const addCommand = insides.addCommand.bind(connection);
  /** Of those in the queue: all of it, or something that is not a statement waits there. */
  let sent = 0;
  const send = (statement: Statement): void => {
    const { sequenceId } = insides;
    insides.sequenceId = 0;
    const readAnswer = statement.start(undefined, connection);
    const nextSequenceId = insides.sequenceId;
    insides.sequenceId = sequenceId;
    sent += 1;
    // Called where mysql2 would send it.
    statement.next = () => {
      sent -= 1;
      insides.sequenceId = nextSequenceId;
      return readAnswer;
    };
  };
  insides.addCommand = (command) => {
    if (isStatement(command)) gather(insides.stream);
    if (isStatement(insides._command) && isStatement(command) && insides._commands.length === sent)
      send(command);
    return addCommand(command);
  };
};

const gather = (socket: Socket): void => {
  if (socket.writableCorked > 0) return;
  socket.cork();
  process.nextTick(() => socket.uncork());
};

const isStatement = (command: object | null | undefined): command is Statement =>
  command?.constructor.name === 'Query';

const checkInsides = (connection: mysql.Connection): ConnectionInsides => {
  const insides = connection as unknown as Partial<ConnectionInsides>;
  const areThere =
    typeof insides.addCommand === 'function' &&
    typeof insides.stream?.cork === 'function' &&
    typeof insides._commands?.length === 'number' &&
    typeof insides.sequenceId === 'number';
  if (!areThere) throw new BugError('this version of mysql2 queues statements in another way');
  return insides as ConnectionInsides;
};
