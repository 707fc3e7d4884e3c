import { useEffect } from 'react';
import { isUnknownPlayer } from '../api/errors';
import type { PlayerRank } from '../api/rank';
import { useLiveRank } from '../api/rank';
import { useLastError } from '../api/useLastError';
import { number, shownTotal } from '../lib/format';
import { DEFAULT_BOARD, showAround, useBoardName, useView } from '../lib/location';
import { setMe, useMe } from '../lib/me';
import { profileHref } from '../lib/playerAddress';
import { strings, useStrings } from '../lib/strings';
import { Button } from '../ui/Button';
import { ErrorMessage } from '../ui/ErrorMessage';
import { Figure } from '../ui/Figure';
import { announce } from '../ui/LiveRegion';
import { Neighbours } from './Neighbours';

/** A player's rank, total and neighbours, or why they are not shown. */
export function PlayerDetails({ userId }: { userId: number }) {
  const t = useStrings();
  const query = useLiveRank(userId);
  const { data } = query;
  const error = useLastError(query);
  const isUnknown = isUnknownPlayer(error);
  const text = isUnknown ? t.player.noPlayer(userId) : data && describe(data);

  useEffect(() => {
    if (text) announce(text);
  }, [text]);

  if (isUnknown) return <NotFound userId={userId} />;
  if (data) return <Details player={data} error={error} />;
  if (!error) return <Loading />;
  return (
    <p className="field-problem mt-3" role="alert">
      <ErrorMessage error={error}>{t.errors.retriesAutomatically}</ErrorMessage>
    </p>
  );
}

function describe(player: PlayerRank): string {
  const { username, rank, players } = player;
  return strings().player.summary(username, rank, players, shownTotal(player));
}

function NotFound({ userId }: { userId: number }) {
  const t = useStrings();
  const board = useBoardName();
  return (
    <div className="not-found" data-testid="not-found">
      <p className="empty-title">
        {board === DEFAULT_BOARD ? t.player.noPlayerHasId(userId) : t.player.notOnBoard(userId)}
      </p>
      <p>{t.player.idsComeFromGame}</p>
    </div>
  );
}

function Loading() {
  return (
    <div className="found placeholder-glow" aria-hidden="true">
      <span className="placeholder placeholder-lg col-5" />
      <span className="placeholder col-12" />
      <span className="placeholder col-9" />
    </div>
  );
}

/** Shows the player in the list, and remembers them as the visitor. */
function Me({ userId }: { userId: number }) {
  const t = useStrings();
  const isMe = useMe() === userId;
  return (
    <p className="player-buttons">
      <Button
        variant="outline-primary"
        className="btn-sm"
        onClick={() => {
          showAround(userId);
        }}
      >
        {t.player.showInList}
      </Button>
      <Button
        variant="link"
        className="btn-sm"
        aria-pressed={isMe}
        onClick={() => {
          setMe(isMe ? null : userId);
          announce(isMe ? t.player.notYou : t.player.isYou);
        }}
      >
        {isMe ? t.player.forgetMe : t.player.thisIsMe}
      </Button>
    </p>
  );
}

function Details({ player, error }: { player: PlayerRank; error: Error | null }) {
  const t = useStrings();
  const { board, season } = useView();
  return (
    <div className="found" data-testid="found">
      <p className="found-name">
        <a href={profileHref(String(player.user_id), board, season)}>
          <bdi>{player.username}</bdi>
        </a>{' '}
        <span className="player-id">#{player.user_id}</span>
      </p>
      <dl className="figures">
        <Figure label={t.standings.rank}>
          {number(player.rank)} <small>{t.player.ofPlayers(player.players)}</small>
        </Figure>
        <Figure label={t.standings.total}>{shownTotal(player)}</Figure>
        <Figure label={t.player.percentile} title={t.player.percentileHint(player.percentile)}>
          {player.percentile}
        </Figure>
      </dl>
      <Me userId={player.user_id} />
      {error && (
        <p className="field-problem">
          {t.player.lastKnown} <ErrorMessage error={error} />
        </p>
      )}
      <Neighbours userId={player.user_id} />
    </div>
  );
}
