/** How the standings are kept current. */

import { useSyncExternalStore } from 'react';
import { createStore } from '../lib/store';

export interface LiveState {
  /** `live`: by the stream; `polling`: by a timer, because there is no stream at present. */
  state: 'connecting' | 'live' | 'polling';
  /** When the service last said that nothing else is current, in milliseconds. */
  confirmedAt: number;
}

const live = createStore<LiveState>({ state: 'connecting', confirmedAt: 0 });

export function useLiveState(): LiveState {
  return useSyncExternalStore(live.subscribe, live.get);
}

export function setLiveState(state: LiveState['state']): void {
  const { confirmedAt } = live.get();
  if (state === 'live') live.set({ state, confirmedAt: Date.now() });
  else if (state !== live.get().state) live.set({ state, confirmedAt });
}
