/** The texts of the widget, which loads nothing of the page. */

import type { Language } from './language';

const en = {
  title: 'All-time standings',
  rank: 'Rank',
  player: 'Player',
  total: 'Total',
  open: 'Full leaderboard',
  empty: 'No players on this board yet.',
  states: { connecting: 'connecting\u2026', live: 'live', polling: 'every 10 s', away: 'server not reached' },
  /** By the service's error code. */
  refused: {
    unknown_board: 'There is no such board.',
    unknown_season: 'This board has no such season.',
    unknown_split: 'This board has no such part.',
    api_key_required: 'This leaderboard is not public.',
    board_filling: 'This board is being prepared.',
  } as Readonly<Record<string, string>>,
  notAvailable: 'The standings are not available at the moment.',
};

export type EmbedStrings = typeof en;

const de: EmbedStrings = {
  title: 'Ewige Rangliste',
  rank: 'Rang',
  player: 'Spieler',
  total: 'Stand',
  open: 'Ganze Rangliste',
  empty: 'Noch keine Spieler auf dieser Rangliste.',
  states: { connecting: 'verbinde\u2026', live: 'live', polling: 'alle 10 s', away: 'Server nicht erreicht' },
  refused: {
    unknown_board: 'Diese Rangliste gibt es nicht.',
    unknown_season: 'Diese Rangliste hat keine solche Saison.',
    unknown_split: 'Diese Rangliste hat keinen solchen Teil.',
    api_key_required: 'Diese Rangliste ist nicht öffentlich.',
    board_filling: 'Diese Rangliste wird gerade aufgebaut.',
  },
  notAvailable: 'Die Rangliste ist gerade nicht verfügbar.',
};

export const EMBED_STRINGS: Readonly<Record<Language, EmbedStrings>> = { en, de };
