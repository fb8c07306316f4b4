import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CTRL_C,
  type Conversation,
  type ConversationOptions,
  DOWN,
  ENTER,
  converse,
} from '../../support/conversation.js';
import type { Home } from '../../support/home.js';
import { type Rig, startRig } from '../../support/rig.js';
import { makeSavedHome } from '../../support/saved-home.js';

/** What a person sees, at several widths; the golden files are the screens. */

let rig: Rig;
let home: Home;
beforeAll(async () => {
  rig = await startRig();
  for (let index = 1; index <= 12; index += 1)
    await rig.source.query(`CREATE DATABASE customer_database_number_${String(index).padStart(2, '0')}`);
  await rig.target.query('CREATE DATABASE customer_database_number_03');
  home = await makeSavedHome(rig, 'read-write');
});
afterAll(async () => {
  home.close();
  await rig.stop();
});

const begin = (options: Omit<ConversationOptions, 'home'>, argv: readonly string[] = []): Conversation =>
  converse(['init', ...argv], { home: home.folder, ...options });

/** Ports, versions and times differ from run to run, and their widths with them. */
const mask = (screen: string): string =>
  screen
    .replaceAll(/(?<=127\.0\.0\.1:)\d{5}/g, 'PPPPP')
    .replaceAll(/^(\w+): MariaDB [^:]*?,\s\d+\s*m\s*s$/gm, '$1: (its answer)')
    .replaceAll(/MariaDB [\d.…]+/g, 'MariaDB V');

/** Every kind of question: a list, a text that is explained, yes or no. */
const walk = async (person: Conversation): Promise<string> => {
  await person.sees('Copy from:');
  await person.notices('select');
  const offer = person.screen();
  person.types(`p${ENTER}`);
  await person.answers('Copy to:', `s${ENTER}`);
  await person.answers('Databases (', '1-11,^*_02');
  await person.notices('> 1-11,^*_02');
  await person.notices('10 of 12');
  const typing = person.screen();
  person.types(ENTER);
  await person.answers('has a database already:', `${DOWN}${ENTER}`);
  await person.answers('Change how it is copied', ENTER);
  await person.sees('What now?');
  await person.notices('navigate');
  const ending = person.screen();
  person.types(CTRL_C);
  const { code, screen, isCursorShown } = await person.ends();
  expect([code, isCursorShown]).toEqual([6, true]);
  expect(screen).toMatch(/\nAborted\. Nothing was changed\.$/);
  const marks = ['the first question', 'while databases are typed', 'the last question'];
  return [offer, typing, ending].map((text, index) => `== ${marks[index] ?? ''}\n${mask(text)}\n`).join('\n');
};

test.each([40, 80, 200])('%i columns', async (columns) => {
  await expect(await walk(begin({ columns }))).toMatchFileSnapshot(`golden/screens-${String(columns)}.txt`);
});

// Colours and bold, which are decoration; cursor movements are not.
// eslint-disable-next-line no-control-regex -- they begin with one
const PAINT = /\u001b\[[\d;]*m/;

describe('colour is decoration', () => {
  test('it is there', async () => {
    const person = begin({});
    await walk(person);
    expect((await person.ends()).raw).toMatch(PAINT);
  });

  test.each([
    ['NO_COLOR', { NO_COLOR: '1' }, []],
    ['--no-color', {}, ['--no-color']],
  ])('%s takes it away, and every word stays', async (_, env, argv) => {
    const person = begin({ columns: 80, env }, argv);
    await expect(await walk(person)).toMatchFileSnapshot('golden/screens-80.txt');
    expect((await person.ends()).raw).not.toMatch(PAINT);
  });
});
