import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { setKey } from '../api/apiKey';
import { closeKeyDialog } from '../ui/keyDialog';
import { server } from './server';

// Generous, for a busy machine. No test asserts speed.
configure({ asyncUtilTimeout: 15_000 });

// jsdom has no media queries. The system's theme is light.
vi.stubGlobal('matchMedia', (media: string) =>
  Object.assign(new EventTarget(), { matches: false, media, onchange: null }),
);

// Nor does it open dialogs. tests/web uses real ones.
HTMLDialogElement.prototype.showModal = function () {
  this.open = true;
};
HTMLDialogElement.prototype.close = function () {
  this.open = false;
  this.dispatchEvent(new Event('close'));
};

// A warning of React fails the test.
let warnings: unknown[][] = [];

beforeAll(() => {
  server.listen({ onUnhandledRequest: 'error' });
});
beforeEach(() => {
  warnings = [];
  vi.spyOn(console, 'error').mockImplementation((...warning: unknown[]) => {
    warnings.push(warning);
  });
});
afterEach(() => {
  cleanup();
  expect(warnings).toEqual([]);
  server.resetHandlers();
  setKey(null);
  closeKeyDialog();
  window.history.replaceState(null, '', '/');
});
afterAll(() => {
  server.close();
});
