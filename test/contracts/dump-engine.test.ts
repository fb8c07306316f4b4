import { tmpdir } from 'node:os';
import { createDumpEngine } from '../../src/adapters/dump/dump-engine.js';
import { describeRowEngine } from './row-engine.js';

const engine = (transport: 'descriptor' | 'path') => () =>
  createDumpEngine({ path: process.env['PATH'] ?? '', temporaryFolder: tmpdir(), transport });

describeRowEngine('dump', engine('descriptor'), { float: 'six-digits' });
