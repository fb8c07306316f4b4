import { resolve } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { VtScreen } from './vt-screen.js';

const BIN = resolve(import.meta.dirname, '../../bin/run.js');

export interface ConversationOptions {
  readonly home: string;
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** The folder that it runs in; the home when absent. */
  readonly cwd?: string;
  /** What runs in place of the built command line. */
  readonly command?: string;
}

export interface ConversationEnd {
  readonly code: number;
  /** What stands on the screen, escape codes obeyed. */
  readonly screen: string;
  /** The same with how it is painted. */
  readonly painted: VtScreen['painted'];
  readonly isCursorShown: boolean;
  /** Every byte that was printed. */
  readonly raw: string;
}

/** The built command line in a pseudo-terminal, with a person before it. */
export interface Conversation {
  /** Waits until the text appears below what was seen before; rejects when the command ends without it, or after a while. */
  sees(text: string): Promise<void>;
  /** The same for what may go again, such as what is wrong with an answer: it does not count as seen. */
  notices(text: string): Promise<void>;
  types(text: string): void;
  /** Waits for the text, then types: most questions need no more. */
  answers(question: string, text: string): Promise<void>;
  /** Makes the terminal wider or narrower; its lines are broken anew just before the command draws for that width. */
  resizes(columns: number): void;
  /** What stands on the screen now, escape codes obeyed. */
  screen(): string;
  /** Waits until the command has ended. */
  ends(): Promise<ConversationEnd>;
}

const PATIENCE_MILLISECONDS = 30_000;

export const ENTER = '\r';
export const DOWN = '\u001b[B';
export const ESCAPE = '\u001b';
export const CTRL_C = '\u0003';
export const CTRL_D = '\u0004';

/** What a live view draws when the terminal has another width. */
// eslint-disable-next-line no-control-regex -- codes begin with one
const WHOLE_FRAME = /\u001b\[\?2026h\r\u001b\[\d+A\u001b\[J/;

export const converse = (argv: readonly string[], options: ConversationOptions): Conversation => {
  const { home, columns = 120, rows = 50, env = {}, cwd = home, command } = options;
  const { PATH = '' } = process.env;
  const [program, ...rest] = command === undefined ? [process.execPath, BIN] : [command];
  const terminal = spawn(program, [...rest, ...argv], {
    cols: columns,
    rows,
    cwd,
    env: { PATH, HOME: home, MYSQL_SYNC_HOME: home, TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env },
  });
  const screen = new VtScreen(columns);
  const listeners = new Set<() => void>();
  let raw = '';
  let seen = 0;
  let code: number | undefined;
  const hear = (): void => [...listeners].forEach((listener) => listener());
  let resized: number | undefined;
  terminal.onData((text) => {
    raw += text;
    const at = resized === undefined ? -1 : text.search(WHOLE_FRAME);
    screen.write(at === -1 ? text : text.slice(0, at));
    if (resized !== undefined && at !== -1) {
      screen.resize(resized);
      resized = undefined;
      screen.write(text.slice(at));
    }
    hear();
  });
  terminal.onExit(({ exitCode }) => {
    code = exitCode;
    hear();
  });
  const until = <Result>(what: string, look: () => Result | undefined): Promise<Result> =>
    new Promise((settle, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        listeners.delete(listen);
      };
      const fail = (why: string): void => {
        stop();
        reject(new Error(`${why} ${what}. On the screen:\n${screen.text}`));
      };
      const timer = setTimeout(() => {
        terminal.kill('SIGKILL');
        fail('waited in vain for');
      }, PATIENCE_MILLISECONDS);
      const listen = (): void => {
        const result = look();
        if (result !== undefined) {
          stop();
          settle(result);
        } else if (code !== undefined) fail('ended without');
      };
      listeners.add(listen);
      listen();
    });
  const findUnseen = (text: string): number | undefined => {
    const at = screen.text.indexOf(text, seen);
    return at === -1 ? undefined : at;
  };
  const conversation: Conversation = {
    sees: async (text) => {
      seen = text.length + (await until(`"${text}"`, () => findUnseen(text)));
    },
    notices: async (text) => {
      await until(`"${text}"`, () => findUnseen(text));
    },
    types: (text) => terminal.write(text),
    answers: async (question, text) => {
      await conversation.sees(question);
      terminal.write(text);
    },
    resizes: (width) => {
      resized = width;
      terminal.resize(width, rows);
    },
    screen: () => screen.text,
    ends: () =>
      until('its end', () =>
        code === undefined
          ? undefined
          : {
              code,
              screen: screen.text,
              painted: screen.painted,
              isCursorShown: screen.isCursorShown,
              raw,
            },
      ),
  };
  return conversation;
};
