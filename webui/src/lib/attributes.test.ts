import { afterEach, expect, test, vi } from 'vitest';
import { avatarOf } from './attributes';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('the address of a picture is read, in browsers without URL.parse, too', () => {
  vi.stubGlobal('URL', Object.defineProperty(class extends URL {}, 'parse', { value: undefined }));
  expect(avatarOf({ attributes: { avatar: 'https://pictures.example/1.png' } })?.origin).toBe(
    'https://pictures.example',
  );
  for (const avatar of ['javascript:alert(1)', 'https://', '/1.png', '', null]) {
    expect(avatarOf({ attributes: { avatar } })).toBeNull();
  }
});
