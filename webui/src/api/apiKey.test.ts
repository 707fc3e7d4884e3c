import { renderHook } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { KEY } from '../test/server';
import { currentKey, isKey, setKey, useKeyId } from './apiKey';

afterEach(() => {
  vi.resetModules();
});

/** The key that a newly loaded page reads from the storage. */
async function loadedKey(): Promise<string | null> {
  vi.resetModules();
  return (await import('./apiKey')).currentKey();
}

describe('the API key', () => {
  it('stays in this tab until it is forgotten', async () => {
    setKey(KEY);
    expect(await loadedKey()).toBe(KEY);
    expect(Object.values(localStorage)).toEqual([]);
    setKey(null);
    expect(await loadedKey()).toBeNull();
    expect(sessionStorage).toHaveLength(0);
  });

  it('works without storage until the page is closed', async () => {
    for (const method of ['getItem', 'setItem', 'removeItem'] as const) {
      vi.spyOn(Storage.prototype, method).mockImplementation(() => {
        throw new DOMException('denied', 'SecurityError');
      });
    }
    setKey(KEY);
    expect(currentKey()).toBe(KEY);
    expect(await loadedKey()).toBeNull();
    setKey(null);
    expect(currentKey()).toBeNull();
  });

  it('is ignored if the storage holds something else', async () => {
    sessionStorage.setItem('api-key', 'lb_\n');
    expect(await loadedKey()).toBeNull();
  });

  it('is shown by its id only', () => {
    setKey(KEY);
    expect(renderHook(useKeyId).result.current).toBe('lb_0123456789ab_');
  });

  it.each([
    [KEY, true],
    [KEY.slice(0, -1), false],
    [`${KEY}0`, false],
    [`${KEY}\n`, false],
    [KEY.toUpperCase(), false],
    [`Bearer ${KEY}`, false],
    ['', false],
  ])('%j', (text, right) => {
    expect(isKey(text)).toBe(right);
  });
});
