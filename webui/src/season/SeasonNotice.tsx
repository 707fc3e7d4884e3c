import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useBoard } from '../api/boards';
import { usePastSeason, useSeasons } from '../api/seasons';
import { date, number, shownTotal } from '../lib/format';
import { seasonHref, showSeason, useView } from '../lib/location';
import { strings, useStrings } from '../lib/strings';
import { Filled } from '../ui/Filled';
import { announce } from '../ui/LiveRegion';
import './season.scss';

/** Says that the season has just ended, or that the standings are those of a past one. */
export default function SeasonNotice() {
  const { season } = useView();
  return season === null ? <JustEnded /> : <PastSeason />;
}

function JustEnded() {
  const t = useStrings();
  const client = useQueryClient();
  const running = useBoard()?.season ?? null;
  const last = useRef(running);
  const [ended, setEnded] = useState<number | null>(null);
  const winner = useSeasons()?.find((each) => each.season === ended)?.winner;

  useEffect(() => {
    const before = last.current;
    if (running !== null) last.current = running;
    if (before === null || running === null || running <= before) return;
    setEnded(before);
    announce(strings().seasons.hasEnded(before, running));
    void client.invalidateQueries();
  }, [running, client]);

  if (ended === null || running === null) return null;
  return (
    <div className="season-notice" role="status" data-testid="season-ended">
      <p>
        <strong>{t.seasons.hasEnded(ended, running)}</strong>{' '}
        {winner && (
          <Filled text={t.seasons.winner(shownTotal(winner))}>
            <bdi>{winner.username}</bdi>
          </Filled>
        )}{' '}
        <SeasonLink season={String(ended)}>{t.seasons.showFinal}</SeasonLink>
      </p>
      <button
        type="button"
        className="btn-link"
        onClick={() => {
          setEnded(null);
        }}
      >
        {t.seasons.dismiss}
      </button>
    </div>
  );
}

function PastSeason() {
  const t = useStrings();
  const past = usePastSeason();
  if (!past) return null;
  const { season, state, starts_at: from, ends_at: to, players, winner } = past;
  return (
    <div className="season-notice" data-testid="past-season">
      <p>
        <strong>{state === 'closed' ? t.seasons.finalOf(season) : t.seasons.closing(season)}</strong>{' '}
        {from !== null && to !== null && `${date(from)} \u2013 ${date(to)}`}
        {players !== null && `, ${t.seasons.players(number(players))}`}{' '}
        {winner && (
          <Filled text={t.seasons.winner(shownTotal(winner))}>
            <bdi>{winner.username}</bdi>
          </Filled>
        )}
      </p>
      <SeasonLink season={null}>{t.seasons.showRunning}</SeasonLink>
    </div>
  );
}

function SeasonLink({ season, children }: { season: string | null; children: React.ReactNode }) {
  return (
    <a
      href={seasonHref(season)}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        showSeason(season);
      }}
    >
      {children}
    </a>
  );
}
