/**
 * The address holds what the page shows, so that it can be shared and reloaded, for example
 * `/?board=daily&season=12&split=DE&player=7&place=500000`. What is left out is the default.
 */

import { useSyncExternalStore } from 'react';

export const DEFAULT_BOARD = 'overall';

/** Whose standings the page shows. */
export interface View {
  board: string;
  /** A season by its number or as `previous`; null: the one that runs. */
  season: string | null;
  /** One part of a board that is split, such as a country; null: all players. */
  split: string | null;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  return () => {
    window.removeEventListener('popstate', listener);
  };
}

function readParam(name: string): string | null {
  const value = new URLSearchParams(window.location.search).get(name);
  return value === '' ? null : value;
}

let view: View = { board: DEFAULT_BOARD, season: null, split: null };

/** The same object until one of its values changes. */
function readView(): View {
  const board = readParam('board') ?? DEFAULT_BOARD;
  const season = readParam('season');
  const split = readParam('split');
  const current = season === 'current' ? null : season;
  if (board !== view.board || current !== view.season || split !== view.split) view = { board, season: current, split };
  return view;
}

export function useView(): View {
  return useSyncExternalStore(subscribe, readView);
}

/** The name of the board in the address, which need not exist. */
export function useBoardName(): string {
  return useView().board;
}

function useParam(name: string): string | null {
  return useSyncExternalStore(subscribe, () => readParam(name));
}

/** The player parameter, unchecked; null when there is none. */
export function usePlayerParam(): string | null {
  return useParam('player');
}

/** At which place of the list the rows begin: a number, unchecked, or `player`: around the player; null: at the top. */
export function usePlaceParam(): string | null {
  return useParam('place');
}

/** Whether the page is for a big screen that nobody operates. */
export function useBigScreen(): boolean {
  return useParam('screen') !== null;
}

/** The address of another board; the player stays. */
export function boardHref(board: string): string {
  return hrefWith({ board: board === DEFAULT_BOARD ? null : board, season: null, split: null, place: null });
}

export function showBoard(board: string): void {
  navigate(boardHref(board));
}

/** The address of another season of the board. */
export function seasonHref(season: string | null): string {
  return hrefWith({ season, place: null });
}

export function showSeason(season: string | null): void {
  navigate(seasonHref(season));
}

export function showSplit(split: string | null): void {
  navigate(hrefWith({ split, place: null }));
}

/** Shows a player, or none. The browser's back button returns to the previous one. */
export function showPlayer(userId: number | null): void {
  const isGone = userId === null && readParam('place') === 'player';
  navigate(hrefWith({ player: userId === null ? null : String(userId), ...(isGone ? { place: null } : {}) }));
}

/** Shows the rows from this place on; null: from the top. */
export function showPlace(place: number | null): void {
  navigate(hrefWith({ place: place === null || place <= 1 ? null : String(place) }));
}

/** Shows the rows around a player. */
export function showAround(userId: number): void {
  navigate(hrefWith({ player: String(userId), place: 'player' }));
}

export function showBigScreen(isBig: boolean): void {
  navigate(hrefWith({ screen: isBig ? '1' : null, ...(isBig ? { place: null } : {}) }));
}

function hrefWith(params: Record<string, string | null>): string {
  const url = new URL(window.location.href);
  for (const [name, value] of Object.entries(params)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  url.hash = '';
  return url.href;
}

function navigate(href: string): void {
  if (href === window.location.href) return;
  window.history.pushState(null, '', href);
  // pushState itself fires no event.
  window.dispatchEvent(new PopStateEvent('popstate'));
}
