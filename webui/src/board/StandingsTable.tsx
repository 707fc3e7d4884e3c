import type { Ref } from 'react';
import { useStrings } from '../lib/strings';

interface Props {
  ref?: Ref<HTMLTableSectionElement>;
  children: React.ReactNode;
}

export function StandingsTable({ ref, children }: Props) {
  const t = useStrings();
  return (
    <table className="standings">
      <caption className="visually-hidden">{t.board.caption}</caption>
      <thead>
        <tr>
          <th scope="col" className="rank">
            {t.standings.rank}
          </th>
          <th scope="col">{t.standings.player}</th>
          <th scope="col" className="share-cell">
            {t.board.shareOfLeader}
          </th>
          <th scope="col" className="total">
            {t.standings.total}
          </th>
        </tr>
      </thead>
      <tbody ref={ref}>{children}</tbody>
    </table>
  );
}
