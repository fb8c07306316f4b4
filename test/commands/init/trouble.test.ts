import { afterAll, beforeAll, expect, test } from 'vitest';
import { CTRL_C, DOWN, ENTER, converse } from '../../support/conversation.js';
import type { Home } from '../../support/home.js';
import { describeServer } from '../../support/init-answers.js';
import { type Rig, startRig } from '../../support/rig.js';
import { makeSavedHome } from '../../support/saved-home.js';
import { ROOT } from '../../support/servers.js';

let rig: Rig;
let home: Home;
beforeAll(async () => {
  rig = await startRig();
  home = await makeSavedHome(rig, 'read-write');
});
afterAll(async () => {
  home.close();
  await rig.stop();
});

test('a login that fails can be tried again or edited, and Enter keeps what was right', async () => {
  const person = converse(['init'], { home: home.folder });
  await person.answers('Copy from:', `${DOWN}${DOWN}${ENTER}`);
  await describeServer(person, 'other', rig.source, 'wrong');
  await person.sees('error[CONN_AUTH] other: ');
  await person.answers('other did not work. What now?', ENTER);
  await person.sees('error[CONN_AUTH] other: ');
  await person.answers('other did not work. What now?', `${DOWN}${ENTER}`);
  for (const question of ['Host name or address', 'Port:', "User, the server's account:"])
    await person.answers(question, ENTER);
  await person.answers('Password of tester (Enter keeps it)', `${ROOT.password}${ENTER}`);
  await person.answers('TLS:', ENTER);
  await person.sees('other: MariaDB');
  await person.answers('Keep other for later?', CTRL_C);
  expect((await person.ends()).code).toBe(6);
});

test('a saved connection whose password is no longer right can be edited, and saved or not', async () => {
  await rig.source.query("CREATE USER moved IDENTIFIED BY 'first'; GRANT ALL ON *.* TO moved");
  const port = String(rig.source.port);
  await home.run(
    [
      'connections',
      'add',
      'moved',
      '--host',
      '127.0.0.1',
      '--port',
      port,
      '--user',
      'moved',
      '--password-stdin',
    ],
    { stdin: 'first' },
  );
  await rig.source.query("ALTER USER moved IDENTIFIED BY 'second'");
  const person = converse(['init', '--source', 'moved'], { home: home.folder });
  await person.answers('moved did not work. What now?', `${DOWN}${ENTER}`);
  for (const question of ['Host name or address', 'Port:', "User, the server's account:"])
    await person.answers(question, ENTER);
  await person.answers('Password of moved (Enter keeps it)', `second${ENTER}`);
  await person.answers('TLS:', ENTER);
  await person.answers('Keep moved for later?', ENTER);
  await person.answers('Copy to:', CTRL_C);
  expect((await person.ends()).code).toBe(6);
  expect((await home.run(['connections', 'test', 'moved'])).code).toBe(0);
});

test('what cannot be an answer is asked again, with the reason', async () => {
  const person = converse(['init'], { home: home.folder });
  await person.answers('Copy from:', `${DOWN}${DOWN}${DOWN}${ENTER}`);
  await person.answers('Name for the connection', `prod${ENTER}`);
  await person.notices('there is a connection called "prod" already');
  person.types('uction\r');
  await person.answers('Host name or address', `db:3306${ENTER}`);
  await person.notices('the port is the next question');
  person.types(`\u0015${ENTER}`);
  await person.answers('Port:', `99999${ENTER}`);
  await person.notices('a number from 1 to 65535');
  person.types(CTRL_C);
  const { code, screen } = await person.ends();
  expect(code).toBe(6);
  expect(screen).toContain('Name for the connection, such as prod: production');
});

test('a source without databases is said', async () => {
  const person = converse(['init', '--source', 'prod', '--target', 'staging'], { home: home.folder });
  const { code, screen } = await person.ends();
  expect(code).toBe(5);
  expect(screen).toContain('error[SELECTION_EMPTY] prod has no database that tester can see');
});

test('a wrong selection is explained while it is typed, and not taken', async () => {
  await rig.source.query('CREATE DATABASE app_a; CREATE DATABASE app_b; CREATE DATABASE shop');
  const person = converse(['init', '--source', 'prod', '--target', 'staging'], { home: home.folder });
  await person.answers('Databases (', '3-1');
  await person.notices('"3-1" runs backwards; did you mean 1-3?');
  person.types(ENTER);
  await person.notices('> "3-1" runs backwards');
  person.types('\u0015app_*,^app_b');
  await person.notices('1 of 3');
  person.types(ENTER);
  await person.sees('1 database (0 tables, 0 B), none of them on staging already');
  person.types(CTRL_C);
  expect((await person.ends()).code).toBe(6);
});
