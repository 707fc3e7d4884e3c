import { useEffect } from 'react';
import Placeholder from 'react-bootstrap/Placeholder';
import { isUnknownPlayer } from '../api/errors';
import type { PlayerRank } from '../api/rank';
import { useLiveRank } from '../api/rank';
import { useLastError } from '../api/useLastError';
import { number, shownTotal } from '../lib/format';
import { DEFAULT_BOARD, useBoardName } from '../lib/location';
import { ErrorMessage } from '../ui/ErrorMessage';
import { Figure } from '../ui/Figure';
import { announce } from '../ui/LiveRegion';
import { Neighbours } from './Neighbours';

/** A player's rank, total and neighbours, or why they are not shown. */
export function PlayerDetails({ userId }: { userId: number }) {
  const query = useLiveRank(userId);
  const { data } = query;
  const error = useLastError(query);
  const isUnknown = isUnknownPlayer(error);
  const text = isUnknown ? `There is no player ${userId}.` : data && describe(data);

  useEffect(() => {
    if (text) announce(text);
  }, [text]);

  if (isUnknown) return <NotFound userId={userId} />;
  if (data) return <Details player={data} error={error} />;
  if (!error) return <Loading />;
  return (
    <p className="field-problem mt-3" role="alert">
      <ErrorMessage error={error}>This page retries automatically.</ErrorMessage>
    </p>
  );
}

function describe(player: PlayerRank): string {
  const { username, rank, players } = player;
  return `${username}: rank ${number(rank)} of ${number(players)}, total ${shownTotal(player)}.`;
}

function NotFound({ userId }: { userId: number }) {
  const board = useBoardName();
  return (
    <div className="not-found" data-testid="not-found">
      <p className="empty-title">
        {board === DEFAULT_BOARD
          ? `No player has the id ${userId}.`
          : `No player with the id ${userId} is on this board.`}
      </p>
      <p>Player ids come from the game. A player appears here after their first score.</p>
    </div>
  );
}

function Loading() {
  return (
    <Placeholder as="div" animation="glow" className="found" aria-hidden="true">
      <Placeholder xs={5} size="lg" />
      <Placeholder xs={12} />
      <Placeholder xs={9} />
    </Placeholder>
  );
}

function Details({ player, error }: { player: PlayerRank; error: Error | null }) {
  return (
    <div className="found" data-testid="found">
      <p className="found-name">
        <bdi>{player.username}</bdi> <span className="player-id">#{player.user_id}</span>
      </p>
      <dl className="figures">
        <Figure label="Rank">
          {number(player.rank)} <small>of {number(player.players)}</small>
        </Figure>
        <Figure label="Total">{shownTotal(player)}</Figure>
        <Figure label="Percentile" title={`At least as good as ${player.percentile}% of the players`}>
          {player.percentile}
        </Figure>
      </dl>
      {error && (
        <p className="field-problem">
          These are the last known values. <ErrorMessage error={error} />
        </p>
      )}
      <Neighbours userId={player.user_id} />
    </div>
  );
}
