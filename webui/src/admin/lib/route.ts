/**
 * What the console shows is in the address: /admin/players/7, /admin/rejected?board=daily. So it can be shared and
 * reloaded, and back and forward work.
 */

import { useMemo, useSyncExternalStore } from 'react';

const BASE = '/admin';

export interface Route {
  /** The first part after /admin; empty at /admin itself. */
  section: string;
  /** The second part, such as a player; null without one. */
  item: string | null;
  query: URLSearchParams;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  return () => {
    window.removeEventListener('popstate', listener);
  };
}

function currentAddress(): string {
  return window.location.pathname + window.location.search;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function parseRoute(address: string): Route {
  const [path = '', query = ''] = address.split('?');
  const [section = '', item = ''] = path.slice(BASE.length + 1).split('/');
  return { section, item: item === '' ? null : decoded(item), query: new URLSearchParams(query) };
}

export function useRoute(): Route {
  const address = useSyncExternalStore(subscribe, currentAddress);
  return useMemo(() => parseRoute(address), [address]);
}

type Query = Readonly<Record<string, string | null | undefined>>;

/** An address of the console. Empty and missing parameters are left out. */
export function hrefOf(section: string, item?: string | number | null, query: Query = {}): string {
  const path = [BASE, section, item === undefined || item === null ? '' : encodeURIComponent(item)]
    .filter((part) => part !== '')
    .join('/');
  const given = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

export function navigate(href: string): void {
  if (href === currentAddress()) return;
  window.history.pushState(null, '', href);
  // pushState itself fires no event.
  window.dispatchEvent(new PopStateEvent('popstate'));
}

/** The standings of a board on the public page. */
export function boardAddress(board: string): string {
  return `/?board=${encodeURIComponent(board)}`;
}
