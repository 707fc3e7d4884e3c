import { act, screen, waitFor } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { describe, expect, it, vi } from 'vitest';
import { RETRY_MS } from '../api/queryClient';
import { showPlayer } from '../lib/location';
import { failure, server } from '../test/server';
import { show } from '../test/render';
import { PlayerCard } from './PlayerCard';

const ADA = { user_id: 7, username: 'ada', total_score: 8_700, rank: 2, players: 1_000, percentile: 99.9 };

describe('PlayerCard', () => {
  it('shows the player in the address', async () => {
    server.use(
      http.get('*/api/leaderboard/rank/7', () => HttpResponse.json(ADA)),
      http.get('*/api/leaderboard/around/7', () => HttpResponse.json([ADA])),
    );
    show(<PlayerCard />);
    expect(screen.queryByTestId('found')).not.toBeInTheDocument();
    act(() => {
      showPlayer(7);
    });
    expect(await screen.findByTestId('found')).toHaveTextContent('2 of 1,000');
    expect(window.location.search).toBe('?player=7');
  });

  it('keeps showing the error while it retries', async () => {
    let asked = 0;
    server.use(
      http.get('*/api/leaderboard/rank/7', () => {
        asked += 1;
        return failure(503, 'database_unavailable', 'the database cannot be reached');
      }),
    );
    window.history.replaceState(null, '', '/?player=7');
    vi.useFakeTimers({ shouldAdvanceTime: true });
    show(<PlayerCard />);
    expect(await screen.findByRole('alert')).toHaveTextContent('The database cannot be reached.');
    expect(asked).toBe(1);
    const seen = new Set<boolean>();
    const watch = new MutationObserver(() => seen.add(screen.queryByRole('alert') !== null));
    watch.observe(document.body, { childList: true, subtree: true });
    await vi.advanceTimersByTimeAsync(RETRY_MS);
    await waitFor(() => {
      expect(asked).toBe(2);
    });
    watch.disconnect();
    expect(seen.has(false)).toBe(false);
    vi.useRealTimers();
  });
});
