import { relative, resolve } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { PAGES, type TestEnd, listUnproven, readProofs } from './proofs.js';

const ROOT = resolve(import.meta.dirname, '../..');

/** Fails a run of whole files when one of them did not prove what docs/ says that it does. */
export default class ProofsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const ran = new Set(modules.map(fileOf));
    const proofs = PAGES.flatMap(readProofs).filter(({ file }) => ran.has(file));
    const unproven = listUnproven(
      proofs,
      modules.flatMap((one) => [...one.children.allTests()].map(toEnd)),
    );
    if (unproven.length === 0) return;
    process.stderr.write(
      `docs/ names proofs that did not pass:\n${unproven.map(({ line }) => line).join('\n')}\n`,
    );
    process.exitCode = 1;
  }
}

const fileOf = ({ moduleId }: TestModule): string => relative(ROOT, moduleId);

const toEnd = (test: TestCase): TestEnd => ({
  file: fileOf(test.module),
  titles: titlesOf(test),
  hasPassed: test.result().state === 'passed',
});

const titlesOf = (test: TestCase): readonly string[] => {
  const titles = [test.name];
  for (
    let { parent } = test as { parent: TestCase['parent'] };
    parent.type === 'suite';
    parent = parent.parent
  )
    titles.push(parent.name);
  return titles;
};
