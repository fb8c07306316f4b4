import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CopyRig, readRows, startCopyRig } from '../../../contracts/copy-rig.js';
import { availableFlavors } from '../../../support/flavors.js';
import { copyNatively, fill, writersOf } from './native-rig.js';

/** Of the target. A statement with the bytes of the longest row as digits has two packets, each larger than that. */
const MAX_PACKET_BYTES = 4_194_304;

/** The error value of an ENUM makes its table travel by positions. */
const DATABASES = [
  ['labels_bytes', "'a'", 'LONGBLOB'],
  ['labels_text', "'a'", 'LONGTEXT'],
  ['positions_bytes', "'no such'", 'LONGBLOB'],
  ['positions_text', "'no such'", 'LONGTEXT'],
] as const;

describe.each(availableFlavors())('rows larger than max_allowed_packet of the target, on $id', (flavor) => {
  let rig: CopyRig;
  beforeAll(async () => {
    rig = await startCopyRig(['--local-infile=1', '--max-allowed-packet=256M'], (options) =>
      flavor.start(options),
    );
    for (const [database, member, type] of DATABASES)
      await fill(
        rig,
        database,
        `CREATE TABLE big (id INT PRIMARY KEY, e ENUM('a', '1'), s SET('x', '1'), v ${type}) DEFAULT CHARSET utf8mb4; SET sql_mode = '';
         INSERT INTO big VALUES (1, 'a', 'x', 'short'), (2, ${member}, 'x,1', REPEAT('\\n\\\\é', 3000000)), (3, '1', '', REPEAT('y', 2000000)), (4, NULL, NULL, NULL)`,
      );
  });
  afterAll(async () => rig.stop());

  const withSmallPackets = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    await rig.target.query(`SET GLOBAL max_allowed_packet = ${MAX_PACKET_BYTES}`);
    try {
      return await work();
    } finally {
      await rig.target.query('SET GLOBAL max_allowed_packet = 268435456');
    }
  };

  test.each(DATABASES)('%s: LOAD DATA carries them in pieces', async (database) => {
    const job = await rig.stage(database);
    const { copied } = await withSmallPackets(() => copyNatively(job, { writers: ['load'] }));
    expect(copied).toMatchObject([{ name: 'big', rows: 4, proof: 'digest' }]);
    expect(await readRows(rig.target, job.into)).toEqual(await readRows(rig.source, database));
    const members = 'SELECT id, e + 0 AS e, s + 0 AS s';
    expect(await rig.target.query(`${members} FROM ${job.into}.big`)).toEqual(
      await rig.source.query(`${members} FROM ${database}.big`),
    );
  });

  test.each(
    writersOf(flavor)
      .filter((writer) => writer !== 'load')
      .flatMap((writer) => DATABASES.map(([database]) => ({ writer, database }))),
  )(
    '$database by $writer alone: the error names the table, the size and the settings',
    async ({ writer, database }) => {
      const job = await rig.stage(database);
      const copying = withSmallPackets(() => copyNatively(job, { writers: [writer] }));
      await expect(copying).rejects.toMatchObject({
        code: 'COPY_FAILED',
        isTransient: false,
        message: expect.stringMatching(
          new RegExp(
            `^cannot copy table ${database}\\.big: a row needs a statement of (12|24).000.\\d{3} bytes, and max_allowed_packet of the target is 4.194.304$`,
          ),
        ) as unknown,
        hints: [
          expect.stringMatching(/^On the target: {2}SET GLOBAL max_allowed_packet = (12582912|24117248)$/),
          expect.stringContaining('SET GLOBAL local_infile = ON'),
        ] as unknown,
      });
    },
  );
});

test('a large row has a statement of its own, so that max_allowed_packet needs to hold nothing else', async () => {
  const flavor = availableFlavors().find(({ vendor }) => vendor === 'mariadb');
  if (!flavor) throw new Error('no MariaDB here');
  const rig = await startCopyRig(['--max-allowed-packet=256M'], (options) => flavor.start(options));
  try {
    // Of the source's two packets only the first one's length is known when the row begins.
    await fill(
      rig,
      'tight',
      `CREATE TABLE big (id INT PRIMARY KEY, v LONGBLOB);
       INSERT INTO big VALUES (1, REPEAT('x', 500000)), (2, REPEAT('y', 31 * 1048576)), (3, REPEAT('z', 500000))`,
    );
    await rig.target.query(`SET GLOBAL max_allowed_packet = ${62 * 1_048_576 + 1_024}`);
    const job = await rig.stage('tight');
    await copyNatively(job, { writers: ['insert'] });
    expect(await readRows(rig.target, job.into)).toEqual(await readRows(rig.source, 'tight'));
  } finally {
    await rig.stop();
  }
});
