import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/**
 * Bytes of the heap and of buffers that something still holds. Without a collection before it, the figure would say
 * when the engine last felt like one. Memory of buffers is given back beside the collection that found them; the second
 * one waits for that.
 */
export const measureKeptBytes = (): number => {
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};
