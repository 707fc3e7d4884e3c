import { useRef } from 'react';
import type { Top } from '../api/top';
import { countryOf } from '../lib/attributes';
import { number, shownTotal, signed } from '../lib/format';
import { useStrings } from '../lib/strings';
import { Avatar } from '../ui/Avatar';
import { Country } from '../ui/Country';
import { useRowMotion } from '../ui/useRowMotion';

const ROWS = 10;

export function BigRows({ top }: { top: Top }) {
  const t = useStrings();
  const body = useRef<HTMLTableSectionElement>(null);
  useRowMotion(body, top.rows);
  return (
    <table>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">{t.standings.rank}</th>
          <th scope="col">{t.standings.player}</th>
          <th scope="col">{t.standings.total}</th>
        </tr>
      </thead>
      <tbody ref={body}>
        {top.rows.slice(0, ROWS).map((row) => {
          const change = top.changes[row.user_id];
          const country = countryOf(row);
          return (
            <tr
              key={row.user_id}
              data-player={row.user_id}
              className={`place-${row.rank} ${change ? `changed-${top.refreshes % 2 === 0 ? 'even' : 'odd'}` : ''}`}
            >
              <td className="rank">{number(row.rank)}</td>
              <th scope="row">
                <div className="player-cell">
                  <Avatar player={row} />
                  <bdi>{row.username}</bdi>
                  {country !== null && <Country code={country} />}
                </div>
              </th>
              <td className="total">
                {change && change.gained !== 0 && <span className="gained">{signed(change.gained)}</span>}{' '}
                {shownTotal(row)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
