import { createNativeEngine } from '../../src/adapters/mysql/native/native-engine.js';
import { describeRowEngine } from './row-engine.js';

describeRowEngine(
  'native',
  () => createNativeEngine({ lanes: 4, proof: 'counts', onConditions: () => undefined }),
  { float: 'exact' },
);
