import { type Socket, connect as openSocket } from 'node:net';
import type { Endpoint } from '../../../../core/server/connection.js';
import { socketOptions } from '../../connection/login.js';
import type { LaneMemory } from './lane-memory.js';

/** As much as a server has ready at once, mostly. */
const READ_BYTES = 262_144;

/** Sockets whose reader keeps nothing of what it is handed. */
const lending = new WeakSet<Socket>();

/**
 * A socket that reads into one buffer again and again: otherwise Node allocates 64 KB for each read, and collecting them
 * was a fifth of the processor time of a copy. `data` is a copy, unless its reader says that it keeps nothing. Not for
 * TLS, which reads on its own.
 */
export const openLaneSocket = (endpoint: Endpoint, memory: LaneMemory): Socket => {
  const block = memory.take();
  const socket: Socket = openSocket({
    ...socketOptions(endpoint),
    onread: {
      buffer: block.subarray(0, READ_BYTES),
      callback: (bytes, buffer) => {
        const read = Buffer.from(buffer.buffer, buffer.byteOffset, bytes);
        socket.emit('data', lending.has(socket) ? read : Buffer.from(read));
        return true;
      },
    },
  });
  socket.once('close', () => memory.give(block));
  return socket;
};

/** From now on what the socket reads is good until the reader returns. */
export const lendReads = (socket: Socket): void => {
  lending.add(socket);
};

export const keepReads = (socket: Socket): void => {
  lending.delete(socket);
};
