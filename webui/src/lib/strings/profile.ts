/** The texts of the page of a player, which are loaded with it, in both languages. */

import { useLanguage } from '.';
import { counted, number, plural } from '../format';
import type { Language } from './language';

const en = {
  title: 'Player',
  loading: 'Loading the player\u2026',
  unknown: 'There is no such player',
  unknownHint: 'No player has the id {}. Ids come from the game, and a player appears here after their first score.',
  notLoaded: 'The player cannot be loaded',
  retries: 'This page retries automatically.',
  toStandings: 'Show in the standings',
  skip: 'Skip to the standings of the player',
  theChart: 'The chart',
  joined: (date: string) => `Playing since ${date}`,
  share: 'Share',
  shareHint: 'Share a link to this player',
  copied: 'Link copied',
  copyIt: 'Copy this link:',
  summary: (name: string, rank: number, players: number) => `${name}: rank ${number(rank)} of ${number(players)}`,
  rank: 'Rank',
  total: 'Total',
  percentile: 'Percentile',
  betterThan: (percentile: number) => `At least as good as ${number(percentile)}% of the players`,
  ofPlayers: (players: number) => `of ${number(players)}`,
  rankOf: (rank: number, players: number) => `Rank ${number(rank)} of ${number(players)}`,
  totalOf: (total: string) => `Total ${total}`,
  boards: 'Standings',
  allTime: 'All-time',
  boardShown: (board: string) => `Board ${board}.`,
  notOnThis: 'Not on this board yet.',
  notOnBoards: (boards: string) => `No scores yet on ${boards}.`,
  showAllBoards: (more: number) => `Show ${plural(more, 'more board')}`,
  history: 'Rank over time',
  noHistory: 'The chart begins after the first full day on this board.',
  historySummary: (from: number, to: number, days: number) =>
    from === to
      ? `Rank ${number(to)}, as ${plural(days, 'day')} ago.`
      : `From rank ${number(from)} to rank ${number(to)} in ${plural(days, 'day')}.`,
  bestRank: (rank: number, date: string) => `Best: rank ${number(rank)} on ${date}.`,
  period: 'Period',
  periods: { month: '30 days', quarter: '90 days', year: '1 year' },
  asTable: 'Show as table',
  table: 'Rank and total by day',
  date: 'Date',
  seasons: 'Seasons',
  season: 'Season',
  seasonNumber: (season: number | string) => `Season ${season}`,
  seasonShown: (season: number) => `Season ${season}.`,
  running: 'running',
  sessions: 'Recent sessions',
  noSessions: 'No sessions.',
  when: 'When',
  mode: 'Mode',
  score: 'Score',
  more: 'Show more',
  loadingMore: 'Loading\u2026',
  footer: 'The history has one point a day, and the present rank.',
};

export type ProfileStrings = typeof en;

const de: ProfileStrings = {
  title: 'Spieler',
  loading: 'Der Spieler wird geladen\u2026',
  unknown: 'Diesen Spieler gibt es nicht',
  unknownHint:
    'Kein Spieler hat die Id {}. Ids kommen aus dem Spiel, und ein Spieler erscheint hier nach seinem ersten Ergebnis.',
  notLoaded: 'Der Spieler kann nicht geladen werden',
  retries: 'Diese Seite versucht es automatisch wieder.',
  toStandings: 'In der Rangliste zeigen',
  skip: 'Zu den Rängen des Spielers springen',
  theChart: 'Das Diagramm',
  joined: (date) => `Dabei seit ${date}`,
  share: 'Teilen',
  shareHint: 'Einen Link zu diesem Spieler teilen',
  copied: 'Link kopiert',
  copyIt: 'Diesen Link kopieren:',
  summary: (name, rank, players) => `${name}: Rang ${number(rank)} von ${number(players)}`,
  rank: 'Rang',
  total: 'Gesamt',
  percentile: 'Perzentil',
  betterThan: (percentile) => `Mindestens so gut wie ${number(percentile)} % der Spieler`,
  ofPlayers: (players) => `von ${number(players)}`,
  rankOf: (rank, players) => `Rang ${number(rank)} von ${number(players)}`,
  totalOf: (total) => `Gesamt ${total}`,
  boards: 'Ränge',
  allTime: 'Ewige Rangliste',
  boardShown: (board) => `Rangliste ${board}.`,
  notOnThis: 'Noch nicht auf dieser Rangliste.',
  notOnBoards: (boards) => `Noch keine Ergebnisse auf ${boards}.`,
  showAllBoards: (more) => `${counted(more, 'weitere Rangliste', 'weitere Ranglisten')} zeigen`,
  history: 'Rang im Lauf der Zeit',
  noHistory: 'Das Diagramm beginnt nach dem ersten vollen Tag auf dieser Rangliste.',
  historySummary: (from, to, days) => {
    const period = counted(days, 'Tag', 'Tagen');
    return from === to
      ? `Rang ${number(to)}, wie vor ${period}.`
      : `Von Rang ${number(from)} auf Rang ${number(to)} in ${period}.`;
  },
  bestRank: (rank, date) => `Bester: Rang ${number(rank)} am ${date}.`,
  period: 'Zeitraum',
  periods: { month: '30 Tage', quarter: '90 Tage', year: '1 Jahr' },
  asTable: 'Als Tabelle zeigen',
  table: 'Rang und Gesamtstand je Tag',
  date: 'Datum',
  seasons: 'Saisons',
  season: 'Saison',
  seasonNumber: (season) => `Saison ${season}`,
  seasonShown: (season) => `Saison ${season}.`,
  running: 'läuft',
  sessions: 'Letzte Spiele',
  noSessions: 'Keine Spiele.',
  when: 'Wann',
  mode: 'Modus',
  score: 'Ergebnis',
  more: 'Mehr zeigen',
  loadingMore: 'Lädt\u2026',
  footer: 'Der Verlauf hat einen Punkt pro Tag und den jetzigen Rang.',
};

export const PROFILE_STRINGS: Readonly<Record<Language, ProfileStrings>> = { en, de };

/** The texts in the current language. The component is rendered again when it changes. */
export function useProfileStrings(): ProfileStrings {
  return PROFILE_STRINGS[useLanguage()];
}
