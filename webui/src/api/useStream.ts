import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { userIdProblem } from '../lib/input';
import { usePlayerParam, useView } from '../lib/location';
import { setLiveState } from './liveState';
import { useStreamedRows, useTop } from './top';

/** Keeps the standings current by the stream, as long as there is one. For one component only. */
export function useStream(isWanted: boolean): void {
  const client = useQueryClient();
  const view = useView();
  const rows = useStreamedRows();
  const param = usePlayerParam();
  const userId = param !== null && userIdProblem(param) === undefined ? Number(param) : null;
  // First the rows, then the stream: the page is not later for it, and a board that cannot be read has none.
  const isLoaded = useTop().isSuccess;

  useEffect(() => {
    if (!isWanted) setLiveState('polling');
    if (!isWanted || !isLoaded) return;
    let stop: (() => void) | undefined;
    let isOver = false;
    void import('./stream').then(
      ({ startStream }) => {
        if (!isOver) stop = startStream(client, { view, rows, userId });
      },
      () => {
        setLiveState('polling');
      },
    );
    return () => {
      isOver = true;
      stop?.();
      setLiveState('connecting');
    };
  }, [client, view, rows, userId, isWanted, isLoaded]);
}
