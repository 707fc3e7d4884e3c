import { isUnknownPlayer } from '../../api/errors';
import { Card } from '../../ui/Card';
import type { Player } from '../api/players';
import { usePlayer } from '../api/players';
import { Empty, Loaded } from '../ui/Loaded';
import { Moment } from '../ui/Moment';
import { Attributes } from './Attributes';
import { ExternalIds } from './ExternalIds';
import { PlayerActs } from './PlayerActs';
import { Sessions } from './Sessions';

/** All about a player, and what can be done. */
export function PlayerPage({ reference }: { reference: string }) {
  const query = usePlayer(reference);
  if (query.data === undefined && isUnknownPlayer(query.error)) {
    return (
      <Card id="player-title" title="Not found">
        <Empty title={`There is no player ${reference}`} />
      </Card>
    );
  }
  return query.data === undefined ? (
    <Card id="player-title" title={`Player ${reference}`} isBusy>
      <Loaded query={query} what="The player">
        {() => null}
      </Loaded>
    </Card>
  ) : (
    <Profile player={query.data} />
  );
}

function Profile({ player }: { player: Player }) {
  return (
    <>
      <Card id="player-title" title={player.username} className="profile" actions={<PlayerActs player={player} />}>
        <div className="card-body">
          <BanNotice player={player} />
          <dl className="facts">
            <div>
              <dt>User id</dt>
              <dd>{player.user_id}</dd>
            </div>
            <div>
              <dt>Joined</dt>
              <dd>
                <Moment at={player.join_date} />
              </dd>
            </div>
            <ExternalIds player={player} />
            <Attributes player={player} />
          </dl>
        </div>
      </Card>
      <Sessions player={player} />
    </>
  );
}

function BanNotice({ player: { ban } }: { player: Player }) {
  if (!ban) return null;
  return (
    <p className="banned" data-testid="ban">
      <strong>{ban.action === 'hide' ? 'Hidden' : 'Banned'}</strong>{' '}
      {ban.until === null ? (
        'until it is lifted'
      ) : (
        <>
          until <Moment at={ban.until} />
        </>
      )}
      , by act {ban.act}.{' '}
      {ban.action === 'hide'
        ? 'No board shows the player. They are not told.'
        : 'No board shows the player. They see their own rank, marked as hidden.'}
    </p>
  );
}
