import { useSessions } from '../api/playerLists';
import { useLastError } from '../api/useLastError';
import { number } from '../lib/format';
import { useProfileStrings } from '../lib/strings/profile';
import { Card } from '../ui/Card';
import { ErrorMessage } from '../ui/ErrorMessage';
import { moment } from './dates';
import { MoreButton } from './MoreButton';

/** The player's last scores. */
export function SessionsCard({ player }: { player: string }) {
  const t = useProfileStrings();
  const query = useSessions(player);
  const error = useLastError(query);
  const rows = query.data?.pages.flatMap((page) => page.rows);
  return (
    <Card id="sessions-title" title={t.sessions} className="list-card" isBusy={!rows && !error}>
      {rows ? (
        rows.length === 0 ? (
          <p className="card-body quiet mb-0">{t.noSessions}</p>
        ) : (
          <>
            <table className="standings">
              <thead>
                <tr>
                  <th scope="col">{t.when}</th>
                  <th scope="col">{t.mode}</th>
                  <th scope="col" className="total">
                    {t.score}
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((session) => (
                  <tr key={session.id}>
                    <th scope="row">
                      <time dateTime={session.played_at ?? session.at}>{moment(session.played_at ?? session.at)}</time>
                    </th>
                    <td className="mode">
                      <bdi>{session.game_mode}</bdi>
                    </td>
                    <td className="total">{number(session.score)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            <MoreButton query={query} />
          </>
        )
      ) : (
        error && (
          <p className="card-body field-problem">
            <ErrorMessage error={error}>{t.retries}</ErrorMessage>
          </p>
        )
      )}
    </Card>
  );
}
