import { createNativeEngine } from '../../src/adapters/mysql/native/native-engine.js';
import { describeRowEngine } from './row-engine.js';

describeRowEngine(
  'native',
  () => createNativeEngine({ lanes: 4, proof: 'count', onConditions: () => undefined }),
  { float: 'exact' },
);
