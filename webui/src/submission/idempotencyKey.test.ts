import { describe, expect, it } from 'vitest';
import { createIdempotencyKey } from './idempotencyKey';

function numbered() {
  let made = 0;
  return createIdempotencyKey(() => `key-${++made}`);
}

describe('the idempotency key', () => {
  it('stays the same for retries', () => {
    const idempotency = numbered();
    expect(idempotency.keyFor({ score: 1 })).toBe('key-1');
    expect(idempotency.keyFor({ score: 1 })).toBe('key-1');
  });

  it('is new for another form', () => {
    const idempotency = numbered();
    idempotency.keyFor({ score: 1 });
    expect(idempotency.keyFor({ score: 2 })).toBe('key-2');
  });

  it('is new once the score was counted', () => {
    const idempotency = numbered();
    idempotency.keyFor({ score: 1 });
    idempotency.reset();
    expect(idempotency.keyFor({ score: 1 })).toBe('key-2');
  });

  it('is unique and accepted by the service', () => {
    const keys = new Set(Array.from({ length: 100 }, () => createIdempotencyKey().keyFor({})));
    expect(keys.size).toBe(100);
    for (const key of keys) expect(key).toMatch(/^[!-~]{1,255}$/);
  });
});
