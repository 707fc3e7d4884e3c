import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { askForKey } from '../key/asking';
import { setKey } from '../key/key';
import { server } from './server';

// The machine may be busy; nothing is asserted to be fast.
configure({ asyncUtilTimeout: 15_000 });

// jsdom has no media queries; the system's theme is light.
vi.stubGlobal('matchMedia', (media: string) =>
  Object.assign(new EventTarget(), { matches: false, media, onchange: null }),
);

// Nor does it open dialogs. The real ones are in tests/web.
HTMLDialogElement.prototype.showModal = function () {
  this.open = true;
};
HTMLDialogElement.prototype.close = function () {
  this.open = false;
  this.dispatchEvent(new Event('close'));
};

// What React complains of is a fault like any other.
let complaints: unknown[][] = [];

beforeAll(() => {
  server.listen({ onUnhandledRequest: 'error' });
});
beforeEach(() => {
  complaints = [];
  vi.spyOn(console, 'error').mockImplementation((...complaint: unknown[]) => {
    complaints.push(complaint);
  });
});
afterEach(() => {
  cleanup();
  expect(complaints).toEqual([]);
  server.resetHandlers();
  setKey(null);
  askForKey(false);
  window.history.replaceState(null, '', '/');
});
afterAll(() => {
  server.close();
});
