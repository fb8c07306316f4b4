import { Buffer } from 'node:buffer';
import { subscribe } from 'node:diagnostics_channel';
import { resolve } from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers';
import { pathToFileURL } from 'node:url';

/**
 * A process that runs one command after another, each as if it were alone: its arguments, variables, folder and
 * stdin, until nothing is left to wait for. Whatever would end a process ends this one, and whatever the end of a
 * process would have tidied away does, too; the next command then gets a new one.
 */
const BIN = resolve(import.meta.dirname, '../../bin/run.js');
const STREAMS = [process.stdout, process.stderr];
const [out, err] = STREAMS.map((stream) => stream.write.bind(stream));
const { channel } = process;

/** @type {{ id: number, isSettled: boolean, sockets: import('node:net').Socket[], children: import('node:child_process').ChildProcess[] } | undefined} */
let run;
subscribe('net.client.socket', ({ socket }) => run?.sockets.push(socket));
subscribe('child_process', ({ process: child }) => run?.children.push(child));

process.on('message', ({ id, argv, env, cwd, input }) => {
  const own = {
    id,
    isSettled: false,
    sockets: [],
    children: [],
    listeners: new Map(STREAMS.map((stream) => [stream, listListeners(stream)])),
  };
  run = own;
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(cwd);
  process.argv.splice(1, process.argv.length, BIN, ...argv);
  process.exitCode = undefined;
  const stdin = Readable.from(input === '' ? [] : [Buffer.from(input)], { objectMode: false });
  Object.defineProperty(process, 'stdin', { configurable: true, enumerable: true, value: stdin });
  // From here on nothing of the host keeps the process: what waits belongs to the command.
  channel.unref();
  const { href } = pathToFileURL(BIN);
  void import(`${href}?${String(id)}`).then(() => (own.isSettled = true));
});

process.on('beforeExit', async () => {
  if (run === undefined) return;
  const { id, isSettled, sockets, children, listeners } = run;
  run = undefined;
  // As node does when the main module waits for what never comes.
  const code = process.exitCode ?? (isSettled ? 0 : 13);
  const isRunning = children.some(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  if (isRunning || !(await areClosed(sockets))) process.exit(code);
  listeners.forEach(takeBack);
  const mark = `\0end of ${String(id)}\0`;
  channel.ref();
  out(mark, () => err(mark, () => process.send({ code })));
});

/** A command that has said goodbye does not wait until the server closes its side: here it must, for a moment. */
const areClosed = (sockets) => {
  const open = sockets.filter((socket) => !socket.destroyed);
  if (open.length === 0) return true;
  const late = new Promise((settle) => setTimeout(settle, 1000, false).unref());
  const closed = Promise.all(
    open.map((socket) => new Promise((settle) => socket.ref().once('close', settle))),
  );
  return Promise.race([closed.then(() => true), late]);
};

const listListeners = (emitter) =>
  new Map(emitter.eventNames().map((event) => [event, emitter.rawListeners(event)]));

/** What listens to the streams of a process is gone with it. */
const takeBack = (before, emitter) => {
  for (const [event, listeners] of listListeners(emitter))
    for (const listener of listeners)
      if (!before.get(event)?.includes(listener)) emitter.off(event, listener);
};

process.on('disconnect', () => process.exit());
