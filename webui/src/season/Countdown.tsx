import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { countdown } from '../lib/countdown';
import { dateAndTime } from '../lib/format';
import { useStrings } from '../lib/strings';
import { useNow } from '../lib/useNow';

/** How often to ask for the new season once it is due. */
const DUE_MS = 1_000;

/** The time until the next season begins. Then asks for it until it is there. */
export function Countdown({ to }: { to: string }) {
  const t = useStrings();
  const client = useQueryClient();
  const left = Date.parse(to) - useNow();
  const isDue = left <= 0;

  useEffect(() => {
    if (!isDue) return;
    const ask = () => void client.invalidateQueries({ queryKey: ['boards'] });
    ask();
    const timer = window.setInterval(ask, DUE_MS);
    return () => {
      window.clearInterval(timer);
    };
  }, [isDue, client]);

  return (
    <div className="picker countdown" title={dateAndTime(to)} data-testid="countdown">
      <span>{t.seasons.nextSeason}</span>
      <time dateTime={to} role="timer">
        {isDue ? t.seasons.beginning : countdown(left, t.time.days)}
      </time>
    </div>
  );
}
