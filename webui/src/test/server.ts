/** A mock of the service. A request without a handler fails the test. tests/web uses the real service. */

import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import type { Board } from '../api/boards';

export const OVERALL: Board = {
  board: 'overall',
  game_mode: null,
  aggregate: 'sum',
  min_score: 0,
  max_score: 2_147_483_647,
  players: 100,
};

/** The scopes that the page does not use. */
const NO_MORE = { play: false, moderate: false, keys: false, admin: false };

export const server = setupServer(
  // The tests of components go by the timer.
  http.get('*/api/leaderboard/stream', () => failure(503, 'too_many_streams', 'no stream', { 'Retry-After': '600' })),
  // A submission asks for the player's name.
  http.get('*/api/leaderboard/rank/*', () => failure(404, 'unknown_player', 'no such player')),
  http.get('*/api/leaderboard/boards', () => HttpResponse.json([OVERALL])),
  http.get('*/api/leaderboard/access', () => HttpResponse.json({ submit: true, read: true, ...NO_MORE })),
);

/** An error in the service's format. */
export function failure(status: number, code: string, message: string, headers: HeadersInit = {}) {
  return HttpResponse.json({ error: { code, message } }, { status, headers });
}

/** Keys of the right format. */
export const KEY = `lb_0123456789ab_${'c'.repeat(64)}`;

export const OTHER_KEY = `lb_ba9876543210_${'d'.repeat(64)}`;
