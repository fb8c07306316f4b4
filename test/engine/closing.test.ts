import { expect, test } from 'vitest';
import { withClosing } from '../../src/engine/closing.js';

const record = (): { readonly log: string[]; readonly close: (name: string) => () => Promise<void> } => {
  const log: string[] = [];
  return {
    log,
    close: (name) => () => {
      log.push(name);
      return name.startsWith('broken') ? Promise.reject(new Error(name)) : Promise.resolve();
    },
  };
};

test('what was opened is closed last first, after the work', async () => {
  const { log, close } = record();
  const result = await withClosing((closeLater) => {
    closeLater(close('first'));
    closeLater(close('second'));
    log.push('work');
    return Promise.resolve(7);
  });
  expect(result).toBe(7);
  expect(log).toEqual(['work', 'second', 'first']);
});

test('work that fails closes what it had opened, and its error is thrown', async () => {
  const { log, close } = record();
  const work = withClosing((closeLater) => {
    closeLater(close('only'));
    return Promise.reject(new Error('work'));
  });
  await expect(work).rejects.toThrow('work');
  expect(log).toEqual(['only']);
});

test('a closing that fails does not keep the others open', async () => {
  const { log, close } = record();
  const work = withClosing((closeLater) => {
    closeLater(close('first'));
    closeLater(close('broken'));
    return Promise.resolve();
  });
  await expect(work).rejects.toThrow('broken');
  expect(log).toEqual(['broken', 'first']);
});
