import { expect, test } from 'vitest';
import { startDump } from '../../../src/adapters/dump/client-process.js';

test('what a dump wrote is there also for a reader that comes after its end', async () => {
  const dump = await startDump({
    program: '/bin/echo',
    arguments: ['whole'],
    environment: {},
    descriptor: undefined,
  });
  await dump.ended;
  // The turn in which Node would flush the stdout of an ended process.
  await new Promise((next) => setImmediate(next));
  const chunks: Buffer[] = [];
  for await (const chunk of dump.stdout) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).toString()).toBe('whole\n');
});
