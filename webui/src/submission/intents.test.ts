import { describe, expect, it } from 'vitest';
import { createIntents } from './intents';

function counting() {
  let made = 0;
  return createIntents(() => `key-${++made}`);
}

describe('intents', () => {
  it('keep their key from try to try', () => {
    const intents = counting();
    expect(intents.keyOf({ score: 1 })).toBe('key-1');
    expect(intents.keyOf({ score: 1 })).toBe('key-1');
  });

  it('are others when the form is another', () => {
    const intents = counting();
    intents.keyOf({ score: 1 });
    expect(intents.keyOf({ score: 2 })).toBe('key-2');
  });

  it('are others after they were counted', () => {
    const intents = counting();
    intents.keyOf({ score: 1 });
    intents.settle();
    expect(intents.keyOf({ score: 1 })).toBe('key-2');
  });

  it('have keys that the service takes, each its own', () => {
    const keys = new Set(Array.from({ length: 100 }, () => createIntents().keyOf({})));
    expect(keys.size).toBe(100);
    for (const key of keys) expect(key).toMatch(/^[!-~]{1,255}$/);
  });
});
