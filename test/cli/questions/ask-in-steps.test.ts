import { expect, test } from 'vitest';
import { type Step, askInSteps } from '../../../src/cli/questions/ask-in-steps.js';
import { EscapePressed } from '../../../src/core/escape-pressed.js';

/** A person who has decided: one answer a question, `back` for Esc. */
const makePerson = (answers: readonly string[]) => {
  const left = [...answers];
  const asked: string[] = [];
  let count = 0;
  const ask = (question: string): Promise<string> => {
    asked.push(question);
    const answer = left.shift() ?? 'nothing left';
    if (answer === 'back') return Promise.reject(new EscapePressed());
    count += 1;
    return Promise.resolve(answer);
  };
  return { ask, asked, countAnswers: () => count };
};

const three =
  (ask: (question: string) => Promise<string>) =>
  async (step: Step): Promise<readonly string[]> => [
    await step(() => ask('one')),
    await step(() => ask('two')),
    await step(() => ask('three')),
  ];

test.each([
  ['straight on', ['a', 'b', 'c'], ['one', 'two', 'three'], ['a', 'b', 'c']],
  ['one back', ['a', 'b', 'back', 'B', 'c'], ['one', 'two', 'three', 'two', 'three'], ['a', 'B', 'c']],
  [
    'two back',
    ['a', 'b', 'back', 'back', 'A', 'B', 'c'],
    ['one', 'two', 'three', 'two', 'one', 'two', 'three'],
    ['A', 'B', 'c'],
  ],
])('%s', async (_, answers, questions, expected) => {
  const person = makePerson(answers);
  expect(await askInSteps(person, three(person.ask))).toEqual(expected);
  expect(person.asked).toEqual(questions);
});

test('Esc at the first question is for the steps around', async () => {
  const person = makePerson(['back']);
  await expect(askInSteps(person, three(person.ask))).rejects.toThrow(EscapePressed);
});

test('a step that asked nothing is passed over on the way back, and done again on the way forth', async () => {
  const person = makePerson(['a', 'back', 'A', 'c']);
  const done: string[] = [];
  const result = await askInSteps(person, async (step) => {
    const first = await step(() => person.ask('first'));
    await step(() => {
      done.push(`work with ${first}`);
      return Promise.resolve();
    });
    return [first, await step(() => person.ask('last'))];
  });
  expect(result).toEqual(['A', 'c']);
  expect(person.asked).toEqual(['first', 'last', 'first', 'last']);
  expect(done).toEqual(['work with a', 'work with A']);
});

test('steps within a step are one step from outside', async () => {
  const person = makePerson(['a', 'b', 'back', 'A', 'B', 'c']);
  const result = await askInSteps(person, async (step) => {
    const pair = await step(() =>
      askInSteps(person, async (inner) => [
        await inner(() => person.ask('one')),
        await inner(() => person.ask('two')),
      ]),
    );
    return [...pair, await step(() => person.ask('three'))];
  });
  expect(result).toEqual(['A', 'B', 'c']);
  expect(person.asked).toEqual(['one', 'two', 'three', 'one', 'two', 'three']);
});

test('another error is not a way back', async () => {
  const person = makePerson(['a']);
  const failing = askInSteps(person, async (step) => {
    await step(() => person.ask('one'));
    await step(() => Promise.reject(new Error('broken')));
  });
  await expect(failing).rejects.toThrow('broken');
});
