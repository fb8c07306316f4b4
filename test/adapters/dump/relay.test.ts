import { PassThrough, Readable, Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { DumpScanner } from '../../../src/adapters/dump/dump-scanner.js';
import { adaptHeader, startRelay } from '../../../src/adapters/dump/relay.js';
import { toTableName } from '../../../src/core/names.js';
import { AT_ONCE } from '../../contracts/copy-rig.js';

const MODE = "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;\n";
const ADAPTED =
  "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES' */;\n";

const UNIQUE = '/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;\n';

const adapt = async (text: string, chunkBytes: number): Promise<string> => {
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
  const out: Buffer[] = [];
  for await (const chunk of adaptHeader(Readable.from(chunks, { objectMode: true }) as AsyncIterable<Buffer>))
    out.push(chunk);
  return Buffer.concat(out).toString();
};

describe('the header', () => {
  test('dates that the target makes of text are made as on the source', async () => {
    const lines: Buffer[] = [];
    const dump = Readable.from([Buffer.from(MODE)], { objectMode: true }) as AsyncIterable<Buffer>;
    for await (const chunk of adaptHeader(dump, 'made')) lines.push(chunk);
    expect(Buffer.concat(lines).toString()).toBe(MODE);
  });

  const TAIL = `-- é\nINSERT INTO \`a\` VALUES ('${'/*!999999\\- '.repeat(2000)}');\n`;
  test.each([
    [
      'new sandbox line',
      `/*M!999999\\- enable the sandbox mode */ \n-- x\n${MODE}${TAIL}`,
      `-- x\n${ADAPTED}${TAIL}`,
    ],
    [
      'old sandbox line',
      `/*!999999\\- enable the sandbox mode */\n-- x\n${MODE}${TAIL}`,
      `-- x\n${ADAPTED}${TAIL}`,
    ],
    ['no sandbox line', `-- x\n${MODE}${TAIL}`, `-- x\n${ADAPTED}${TAIL}`],
    [
      'a sandbox line that is not the first',
      `-- x\n/*M!999999\\- enable the sandbox mode */ \n${MODE}${TAIL}`,
      `-- x\n/*M!999999\\- enable the sandbox mode */ \n${ADAPTED}${TAIL}`,
    ],
    [
      'more on the sandbox line',
      `/*M!999999\\- x */ SELECT 1;\n${MODE}`,
      `/*M!999999\\- x */ SELECT 1;\n${ADAPTED}`,
    ],
    ['no sql_mode', `-- x\n${TAIL}`, `-- x\n${TAIL}`],
    ['only the first sql_mode', `${MODE}${TAIL}${MODE}`, `${ADAPTED}${TAIL}${MODE}`],
    [
      'another sql_mode',
      `${MODE.replace("ZERO'", "ZERO,ANSI'")}${TAIL}`,
      `${MODE.replace("ZERO'", "ZERO,ANSI'")}${TAIL}`,
    ],
    [
      'unique checks',
      `${UNIQUE}${MODE}${TAIL}${UNIQUE}`,
      `${UNIQUE.replace('=0', '=1')}${ADAPTED}${TAIL}${UNIQUE}`,
    ],
    ['nothing', '', ''],
    ['less than a line', '/*M!999999\\- en', '/*M!999999\\- en'],
  ])('%s', async (_, text, expected) => {
    for (const chunkBytes of [1, 10, 100_000]) expect(await adapt(text, chunkBytes)).toBe(expected);
  });
});

const DUMP = `/*M!999999\\- enable the sandbox mode */ \n/*!40101 SET NAMES utf8mb4 */;\n${MODE}\n--\n-- Dumping data for table \`a\`\n--\n\nINSERT INTO \`a\` VALUES (1),(2);\n-- Dump completed\n`;

test('passes everything on, counts it, and leaves the sink open', async () => {
  const sink = new PassThrough();
  const scanner = new DumpScanner([toTableName('a')]);
  const relay = startRelay(Readable.from([Buffer.from(DUMP)]), sink, scanner, AT_ONCE);
  await relay.finished;
  scanner.finish();
  expect(relay.bytes).toBe(sink.readableLength);
  expect(sink.writable).toBe(true);
  expect(scanner.rows).toBe(2);
});

test('runs only a few megabytes ahead of a sink that takes nothing', async () => {
  const chunk = Buffer.from(`('${'x'.repeat(65_000)}'),`);
  let made = 0;
  const source = new Readable({
    read() {
      made += 1;
      this.push(made === 1 ? Buffer.from(DUMP.slice(0, DUMP.indexOf('(1)'))) : chunk);
    },
  });
  const stuck = new Writable({ write: () => undefined });
  const relay = startRelay(source, stuck, new DumpScanner([toTableName('a')]), AT_ONCE);
  let reading = -1;
  while (reading !== made) {
    reading = made;
    await new Promise(setImmediate);
  }
  expect(relay.bytes).toBeGreaterThan(1 << 20);
  expect(relay.bytes).toBeLessThan(5 << 20);
  source.destroy();
});

test('goes on when the sink takes something again', async () => {
  const chunk = Buffer.from(`('${'x'.repeat(65_000)}'),`);
  const chunks = [
    DUMP.slice(0, DUMP.indexOf('(1)')),
    ...Array.from({ length: 300 }, () => chunk),
    DUMP.slice(DUMP.indexOf('(2)')),
  ];
  let taken = 0;
  const slow = new Writable({
    write: (piece: Buffer, _, done) => {
      taken += piece.length;
      setImmediate(done);
    },
  });
  const scanner = new DumpScanner([toTableName('a')]);
  const relay = startRelay(Readable.from(chunks.map((text) => Buffer.from(text))), slow, scanner, AT_ONCE);
  await relay.finished;
  scanner.finish();
  expect(scanner.rows).toBe(301);
  await new Promise<void>((resolve) => slow.end(resolve));
  expect(taken).toBe(relay.bytes);
});

test('a violation ends it before the chunk is passed on', async () => {
  const taken: Buffer[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _, done) => {
      taken.push(chunk);
      done();
    },
  });
  const source = Readable.from([Buffer.from(`${MODE}-- x\n`), Buffer.from('INSERT INTO `a` VALUES (1);\n')]);
  const relay = startRelay(source, sink, new DumpScanner([toTableName('a')]), AT_ONCE);
  await expect(relay.finished).rejects.toThrow(/SET NAMES/);
  expect(Buffer.concat(taken).toString()).toBe(`${ADAPTED}-- x\n`);
  expect(source.destroyed).toBe(true);
});
